/** What the desk shows and hides. Titles of commands stand with their commands. */
export const view = {
  filter: 'Hide boxes',
  leastScore: 'Confidence ≥',
  leastRisk: 'Risk ≥',
  hidden_one: '{{count}} box hidden',
  hidden_other: '{{count}} boxes hidden',
  hiddenOpen: '{{count}} to decide',
  show: 'Show',
}
