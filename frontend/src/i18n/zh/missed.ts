/** 漏标物体：候选、估计。 */
export const missed = {
  title: '漏标物体',
  lead: '可能缺少标签的位置，最可能的在前。Enter：确有物体。X：没有。',
  enter_other: '漏标物体（{{count}}）',
  crops: '漏标候选，风险最高的在前',
  empty: '没有待决定的候选',
  emptyText: '可能缺标签的位置都已决定，或素材尚未预标注。',
  estimate:
    '在 {{frames}} 个已审核帧中，估计仍有约 {{missing}} 个物体没有标签（95 %：{{lower}} 至 {{upper}}）；若两个模型遗漏相同物体则更多。',
  tooFew: '已审核帧中发现得太少，无法估计还缺多少。',
  oneFinder: '待第二个模型看过此行车后，才能估计还缺多少。',
  restsOn: '已接受的候选 {{first}} 个；其中及手绘中 {{second}} 也发现的 {{other}} 个；两者皆有 {{both}} 个。',
}
