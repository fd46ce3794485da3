/** What the desk shows and hides, in Chinese. */
export const view = {
  filter: '隐藏框',
  leastScore: '置信度 ≥',
  leastRisk: '风险 ≥',
  hidden_other: '已隐藏 {{count}} 个框',
  hiddenOpen: '其中 {{count}} 个待决定',
  show: '显示',
  selected_other: '已选 {{count}} 个',
  selectedActs_other: '已选 {{count}} 个框：按键作用于全部',
  one: '只留一个',
  eye: '显示或隐藏 {{category}}',
  gamma: '伽马（提亮暗部）',
  labelSize: '标签大小',
  crosshair: '指针十字线',
  reset: '恢复默认视图',
}
