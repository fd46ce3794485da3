/** Missed candidates: places where the labels may lack an object. */
export const missed = {
  title: 'Missed objects',
  lead: 'Places where an object may have no label, the likeliest first. Enter: it is one. X: nothing there.',
  enter_one: 'Missed objects ({{count}})',
  enter_other: 'Missed objects ({{count}})',
  crops: 'Candidates of missed objects, riskiest first',
  empty: 'No candidate waits',
  emptyText: 'Every place that may lack a label is decided, or no model has pre-labelled the footage yet.',
  estimate:
    'About {{missing}} objects (95 %: {{lower}} to {{upper}}) are still without a label in the {{frames}} audited frames, more if both models overlook the same.',
  tooFew: 'Too little was found in audited frames to tell how much is still missing.',
  oneFinder: 'How much is still missing can be told once a second model has looked at the drive.',
  restsOn: 'Candidates accepted: {{first}}; missed objects that {{second}} has: {{other}}; both: {{both}}.',
}
