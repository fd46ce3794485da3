/** Words that every page uses, and the shell. */
export const common = {
  all: 'all',
  cancel: 'Cancel',
  chosen: 'chosen',
  copy: 'Copy',
  edit: 'Edit',
  save: 'Save',
  saveCsv: 'Save as CSV',
  savePng: 'Save as PNG',
  saved: 'Saved.',
  tryAgain: 'Try again',
}

/** Numbers with their nouns. */
export const counted = {
  drives_one: '{{count, number}} drive',
  drives_other: '{{count, number}} drives',
  clips_one: '{{count, number}} file',
  clips_other: '{{count, number}} files',
  frames_one: '{{count, number}} frame',
  frames_other: '{{count, number}} frames',
  boxes_one: '{{count, number}} box',
  boxes_other: '{{count, number}} boxes',
  datasets_one: '{{count, number}} dataset',
  datasets_other: '{{count, number}} datasets',
}

export const shell = {
  skip: 'Skip to content',
  menu: 'Menu',
  rooms: 'Rooms',
  home: 'Home',
  dashboard: 'Dashboard',
  drives: 'Drives',
  audit: 'Audit',
  explore: 'Explore',
  datasets: 'Datasets',
  training: 'Training',
  models: 'Models',
  fleet: 'Fleet',
  admin: 'Admin',
  account: 'Account',
  theme: { auto: 'Theme of the system', light: 'Light', dark: 'Dark' },
  yourAccount: 'Your account',
  tokens: 'API tokens',
  logOut: 'Log out',
  uploading_one: 'Uploading {{count}} file',
  uploading_other: 'Uploading {{count}} files',
  sent: 'Sent',
  notFound: 'There is nothing at this address',
  notFoundText: 'The link may be old, or what it led to was removed.',
  goHome: 'Go to Home',
}

export const roles = {
  owner: 'Owner',
  lead: 'Lead',
  annotator: 'Annotator',
  ml_engineer: 'ML engineer',
  fleet_engineer: 'Fleet engineer',
  viewer: 'Viewer',
}

export const session = {
  lead: 'Review desk and data engine for driver assistance',
  email: 'Email',
  password: 'Password',
  logIn: 'Log in',
  noAccount: 'Accounts are made by the owner of a workspace.',
  again: 'You were logged out',
  againText: 'Log in again to go on. What you were doing is kept and is sent afterwards.',
  code: 'Code',
  codeText: 'Of the app on your phone, or one of your recovery codes.',
  startAgain: 'Start again',
  or: 'or',
  by: 'Log in by {{name}}',
  notInvited:
    'There is no account here for the address that your provider names. Ask the owner of a workspace for one.',
  providerFailed: 'The login by your provider did not succeed. Try again, or log in by password.',
  /** By the codes of the server's own words. */
  said: {
    email_password_mismatch: 'The email address or the password is not correct.',
    too_many_login_attempts: 'Too many failed tries. Wait five minutes, then try again.',
    too_many_requests: 'Too many tries in a short time. Wait a minute, then try again.',
    incorrect_code: 'This code is not correct, or it was used already. Take the one that the app shows now.',
    incorrect_password: 'The password is not correct.',
    enter_current_password: 'The current password is not correct.',
    account_inactive: 'This account was switched off by an owner of the workspace.',
  },
}

export const jobs = {
  title: 'Jobs',
  lead: 'Every long task: what it has done, and what became of it.',
  all: 'All jobs',
  byState: 'Show by state',
  queued_one: '{{count}} job waits',
  queued_other: '{{count}} jobs wait',
  more: '+{{count}}',
  none: 'No jobs here',
  noneText: 'Cutting frames, pre-labelling and freezing a version run as jobs. They show here with their progress.',
  waits: 'Waits for a worker',
  left: '{{time}} left',
  took: 'took {{time}}',
  attempt: 'attempt {{count}}',
  stopping: 'stopping',
  cancel: 'Cancel',
  retry: 'Try again',
  log: 'Log',
  logEmpty: 'The log is empty.',
  state: { queued: 'queued', running: 'running', succeeded: 'succeeded', failed: 'failed', cancelled: 'cancelled' },
}
