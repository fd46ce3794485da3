/** What the desk shows and hides, in Chinese. */
export const view = {
  filter: '隐藏框',
  leastScore: '置信度 ≥',
  leastRisk: '风险 ≥',
  hidden_other: '已隐藏 {{count}} 个框',
  hiddenOpen: '其中 {{count}} 个待决定',
  show: '显示',
}
