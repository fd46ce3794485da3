/** What the desk shows and hides. Titles of commands stand with their commands. */
export const view = {
  filter: 'Hide boxes',
  leastScore: 'Score ≥',
  leastRisk: 'Risk ≥',
  hidden_one: '{{count}} box hidden',
  hidden_other: '{{count}} boxes hidden',
  hiddenOpen: '{{count}} to decide',
  show: 'Show',
  eye: 'Show or hide {{category}}',
  gamma: 'Gamma (lifts shadows)',
  labelSize: 'Size of labels',
  crosshair: 'Crosshair at the pointer',
  reset: 'Put the view back',
}
