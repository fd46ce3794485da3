/** What travels between the page and `/api/v1/`. Boxes are absolute pixels of the original frame. */

export type Right =
  | 'footage.write'
  | 'prelabel.run'
  | 'audit.write'
  | 'audit.review'
  | 'dataset.write'
  | 'model.write'
  | 'jobs.write'
  | 'members.write'
  | 'read'

export type Role = 'owner' | 'lead' | 'annotator' | 'ml_engineer' | 'fleet_engineer' | 'viewer'

/** One page of a cursor-paginated list; `next` is a URL. */
export interface Page<Row> {
  next: string | null
  previous: string | null
  results: Row[]
}

export interface Named {
  id: number
  name: string
}

export interface WorkspaceRef extends Named {
  slug: string
}

export interface Me {
  id: number
  email: string
  name: string
  workspace: WorkspaceRef
  role: Role
  rights: Right[]
  workspaces: (WorkspaceRef & { role: Role })[]
  /** May open the stock admin. */
  staff: boolean
}

/** A knox token; `token` is in the answer to its creation and never again. */
export interface ApiToken {
  key: string
  created: string
  expiry: string | null
}

export interface NewApiToken {
  token: string
  key: string
  expiry: string | null
}

export type CategoryGroup = 'vehicle' | 'vulnerable' | 'part' | 'infrastructure'

export interface Category {
  id: number
  index: number
  name: string
  phrase: string
  colour: string
  hotkey: string
  group: CategoryGroup
}

export interface TaxonomyRef extends Named {
  version: number
}

export interface Taxonomy extends TaxonomyRef {
  categories: Category[]
}

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'
export type JobKind = 'extract_frames' | 'prelabel_frames' | 'freeze_version'

export interface JobError {
  code: string
  detail: string
  hint: string
}

export interface Job {
  id: string
  kind: JobKind
  title: string
  state: JobState
  done: number
  total: number | null
  unit: string
  /** Units a second, lately. */
  rate: number | null
  seconds_left: number | null
  attempts: number
  cancel_requested: boolean
  params: Record<string, unknown>
  result: Record<string, unknown> | null
  error: JobError | null
  parent: string | null
  created_at: string
  started_at: string | null
  finished_at: string | null
  worker: string
}

export interface JobLogLine {
  id: number
  level: 'info' | 'warning' | 'error'
  message: string
  at: string
}

export interface PrelabelParams {
  drive: number
  /** Id of a registered model as text, or a model reference. */
  model: string
  score_threshold?: number
  candidate_threshold?: number
  nms_iou?: number
  only_new?: boolean
}

export type DriveState = 'empty' | 'ingesting' | 'ready' | 'failed'

export interface DriveCounts {
  clips: number
  clips_failed: number
  frames: number
  new: number
  prelabelled: number
  in_audit: number
  audited: number
  excluded: number
}

export interface Drive extends Named {
  state: DriveState
  taxonomy: TaxonomyRef
  label_model: Named | null
  vehicle: string
  camera: string
  captured_at: string | null
  place: string
  time_of_day: string
  weather: string
  consent_note: string
  /** Exactly one of `sample_fps` and `sample_every` is set. */
  sample_fps: number | null
  sample_every: number | null
  created_at: string
  counts: DriveCounts
  /** Id of the frame that stands for the drive. */
  cover: number | null
  /** Jobs of the drive that are queued or running. */
  jobs: Job[]
}

export interface DriveWrite {
  name: string
  taxonomy?: number
  vehicle?: string
  camera?: string
  captured_at?: string | null
  place?: string
  time_of_day?: string
  weather?: string
  consent_note?: string
  sample_fps?: number | null
  sample_every?: number | null
}

export type ClipState = 'uploaded' | 'ingesting' | 'ready' | 'failed' | 'duplicate'
export type ClipKind = 'video' | 'image' | 'archive' | 'unknown'

/** A member of a zip that was refused. */
export interface ClipProblem {
  name: string
  code: string
  detail: string
}

export interface Clip {
  id: number
  drive: number
  filename: string
  kind: ClipKind
  state: ClipState
  size: number
  sha256: string
  duplicate_of: number | null
  error_code: string
  error_detail: string
  problems: ClipProblem[]
  width: number | null
  height: number | null
  fps: number | null
  duration_ms: number | null
  frames: number
  job: Job | null
  created_at: string
}

export type FrameState = 'new' | 'prelabelled' | 'in_audit' | 'audited' | 'reopened' | 'excluded'

export interface FrameRow {
  id: number
  drive: number
  clip: number
  index: number
  time_ms: number
  name: string
  width: number
  height: number
  state: FrameState
  risk: number
  version: number
  /** Boxes that nobody has decided yet. */
  boxes: number
  total_boxes: number
}

export type BoxState = 'pending' | 'accepted' | 'edited' | 'rejected' | 'missed_candidate' | 'dismissed'
export type BoxSource = 'pseudo' | 'human' | 'imported'

/** One reason why a label may be wrong: a number in [0, 1] and a sentence. */
export interface RiskSignal {
  name: string
  value: number
  sentence: string
}

export interface FrameBox {
  id: number
  client_id: string
  category: number | null
  x: number
  y: number
  width: number
  height: number
  source: BoxSource
  state: BoxState
  score: number | null
  probs: Record<string, number>
  risk: number
  severity: number
  /** risk x severity / 2.75, in [0, 1]. */
  priority: number
  signals: RiskSignal[]
  track: number | null
  occluded: boolean
  truncated: boolean
  crowd: boolean
  cipo: boolean
  events: number
}

export interface FrameLease {
  user: Named
  expires_at: string
  mine: boolean
}

export interface FrameDetail extends Omit<FrameRow, 'boxes'> {
  taxonomy: number
  drive_name: string
  model: Named | null
  neighbours: { previous: number | null; next: number | null }
  lease: FrameLease | null
  boxes: FrameBox[]
}

export interface ClaimRequest {
  drive?: number
  category?: number
  state?: BoxState
  count?: number
  exclude?: number[]
}

export interface Claim {
  frames: FrameDetail[]
  lease_seconds: number
  remaining: number
}

export interface Heartbeat {
  held: number[]
  lost: number[]
  lease_seconds: number
}

export interface AuditSummary {
  open_frames: number
  audited_frames: number
  open_boxes: number
  my_decisions_today: number
  drives: (Named & { open_frames: number; audited_frames: number; top_risk: number })[]
}

export interface OperationsResult {
  version: number
  frame: { id: number; state: FrameState; risk: number; version: number }
  /** The boxes that changed. */
  boxes: FrameBox[]
  applied: { id: string; duplicate: boolean }[]
}

export interface ModelVersion extends Named {
  ref: string
  family: string
  sha256: string
  metrics: Record<string, unknown>
  notes: string
  created_at: string
}

export type Split = 'train' | 'val' | 'test'
export type VersionState = 'freezing' | 'frozen' | 'failed'

export interface SplitSummary {
  /** Names of the drives. */
  drives: string[]
  frames: number
  boxes: number
  by_category: Record<string, number>
  by_source: Record<string, number>
  by_state: Record<string, number>
}

export interface VersionDrive {
  drive: number
  name: string
  split: Split
}

export interface VersionBrief {
  id: number
  number: number
  state: VersionState
  digest: string
  /** Empty until the version is frozen. */
  summary: { frames?: number; boxes?: number; splits?: Partial<Record<Split, SplitSummary>> }
  created_at: string
  frozen_at: string | null
}

export interface DatasetVersion extends VersionBrief {
  dataset: Named
  include_unaudited: boolean
  override_reason: string
  categories: Pick<Category, 'name' | 'phrase' | 'group'>[]
  drives: VersionDrive[]
  job: Job | null
}

export interface Dataset extends Named {
  description: string
  taxonomy: TaxonomyRef
  versions: VersionBrief[]
  created_at: string
}

export interface VersionWrite {
  drives: { drive: number; split: Split }[]
  include_unaudited?: boolean
  override_reason?: string
}

export type WaitingFor =
  | 'frames_to_audit'
  | 'frames_to_prelabel'
  | 'clips_failed'
  | 'jobs_failed'
  | 'drives_unversioned'

export interface Overview {
  footage: { drives: number; clips: number; clips_failed: number; hours: number }
  frames: { total: number; new: number; prelabelled: number; in_audit: number; audited: number; excluded: number }
  boxes: { pending: number; missed_candidate: number; accepted: number; edited: number; rejected: number }
  jobs: { queued: number; running: number; failed: number }
  datasets: { datasets: number; versions: number }
  models: { total: number }
  waiting: { what: WaitingFor; count: number; link: string }[]
}
