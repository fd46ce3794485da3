/**
 * Why a label may be wrong, in Chinese. The server says it in English, with the numbers of that one label (`ml/risk/signals`).
 *
 * As in `said.ts`, what the brackets found is told again.
 */
export const reasons: readonly (readonly [RegExp, string])[] = [
  [/^(very low|low|fair|high) score: (.+) ([\d.]+)$/, '得分$1：$2 $3'],
  [/^very low$/, '很低'],
  [/^low$/, '偏低'],
  [/^fair$/, '尚可'],
  [/^high$/, '高'],
  [/^class (unsure|clear): (.+)$/, '类别$1：$2'],
  [/^unsure$/, '不确定'],
  [/^clear$/, '明确'],
  [/^(.+) found again (hardly|weakly|well) (in .+): support ([\d.]+)$/, '$3$2再次找到 $1：支持度 $4'],
  [/^in the mirrored frame$/, '在镜像画面中'],
  [/^in a part of the frame$/, '在局部画面中'],
  [/^hardly$/, '几乎没有'],
  [/^weakly$/, '勉强'],
  [/^well$/, '清楚地'],
  [/^possibly missed (.+): score ([\d.]+), (.+)$/, '可能漏标 $1：得分 $2，$3'],
  [/^no (?:other )?box on it$/, '没有其他框与之重叠'],
  [/^an? (.+) box overlaps it by (\d+)%, (\d+) more do less$/, '$1 框与之重叠 $2 %，另有 $3 个重叠较少'],
  [/^an? (.+) box overlaps it by (\d+)%$/, '$1 框与之重叠 $2 %'],
  [/^the same (.+) is labelled before and after$/, '同一 $1 在前后帧均有标注'],
  [/^the same (.+) is labelled before$/, '同一 $1 在之前的帧有标注'],
  [/^second model sees nothing here$/, '第二个模型在此处什么也没看到'],
  [/^second model agrees: (.+), IoU ([\d.]+)$/, '第二个模型一致：$1，IoU $2'],
  [/^second model disagrees: (.+), IoU ([\d.]+)$/, '第二个模型不一致：$1，IoU $2'],
  [/^second model agrees in (\d+) of (\d+) other frames of its track$/, '轨迹的其他 $2 帧中，第二个模型在 $1 帧一致'],
  [/^box jumps (\d+) px off its course$/, '框偏离轨迹 $1 px'],
  [/^track skips (\d+) frame\(s\) after this one$/, '轨迹在此帧之后缺 $1 帧'],
  [/^track skips (\d+) frame\(s\) before this one$/, '轨迹在此帧之前缺 $1 帧'],
  [/^seen in this frame only, not before or after$/, '仅在此帧出现，前后帧均没有'],
  [/^steady over (\d+) frames$/, '在 $1 帧中稳定'],
  [/^(.+) in all (\d+) frames of its track$/, '轨迹的全部 $2 帧均为 $1'],
  [
    /^class flips: (.+) here, (.+) in (\d+) of (\d+) frames of its track$/,
    '类别跳变：此处为 $1，轨迹的 $4 帧中有 $3 帧为 $2',
  ],
  [/^closest in-path object$/, '本车路径上最近的目标'],
  [/^vulnerable road user$/, '弱势道路使用者'],
  [/^small: (\d+) x (\d+) px$/, '目标小：$1 × $2 px'],
]
