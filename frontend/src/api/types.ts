/** What travels between the page and `/api/v1/`, after `schema.d.ts`, which `npm run types` makes from the server's OpenAPI.
 *
 * Boxes are absolute pixels of the original frame. Written out here is only what OpenAPI cannot say: the keys of JSON fields and of maps.
 */
import type { Figures } from './report'
import type { components } from './schema'

type Schemas = components['schemas']

/** Every field of an answer is there, also where the database has a default for it. */
type Always<Value> = Value extends (infer Item)[]
  ? Always<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]-?: Always<Value[Key]> }
    : Value

/** An answer with some fields said more precisely. */
type Precise<Name extends keyof Schemas, Fields = unknown> = Omit<Always<Schemas[Name]>, keyof Fields> & Fields

/** One page of a cursor-paginated list; `next` is a URL. */
export interface Page<Row> {
  next: string | null
  previous: string | null
  results: Row[]
}

// --- People ---------------------------------------------------------------------------------------------------------
export type Right =
  | 'footage.write'
  | 'prelabel.run'
  | 'audit.write'
  | 'audit.review'
  | 'dataset.write'
  | 'model.write'
  | 'jobs.write'
  | 'fleet.write'
  | 'members.write'
  | 'workspace.manage'
  | 'frozen.read'
  | 'read'
export type Me = Precise<'Me', { rights: Right[]; role: Schemas['RoleEnum'] }>
/** `before` and `after`: what was changed of the box, in the names of `LabelBox`. */
export type RecentOperation = Precise<
  'RecentOperation',
  { before: Record<string, unknown> | null; after: Record<string, unknown> | null }
>
export type PersonKeys = Precise<'KeysWithOrigin', { keys: Record<string, string[]> }>
export type ApiToken = Precise<'Token'>
export type NewApiToken = Precise<'NewToken'>

// --- Taxonomies and models ------------------------------------------------------------------------------------------
export type Category = Precise<'Category'>
export type Taxonomy = Precise<'Taxonomy'>
export type ModelVersion = Precise<'ModelVersion', { metrics: Figures }>
export type Evaluation = Precise<'Evaluation', { figures: Figures | null; job: Job | null }>
export type ModelDetail = Precise<'ModelDetail', { metrics: Figures; evaluations: Evaluation[] }>
export type LineageStep = Precise<'LineageStep'>
export type Promotion = Precise<'Promotion'>

// --- Models for devices ---------------------------------------------------------------------------------------------
export type LookDetection = Schemas['LookDetection']
export type ModelLook = Precise<'ModelLook'>
export type EdgeTarget = Schemas['EdgeTargetEnum']
/** AP before and after, and what was lost, over all and by category. */
export interface EdgeLoss {
  before: number
  after: number
  lost: number
  categories: Record<string, { before: number; after: number; lost: number; truths: number; judged: boolean }>
  /** What stayed in 32 bits where everything in 8 lost too much. */
  in_32_bits?: '' | 'first' | 'backbone'
}
/** Of a refused export only what was measured until then. */
export interface EdgeReportFigures {
  parity?: number
  ap?: { ap: number; ap50?: number }
  camera_420?: EdgeLoss
  int8?: EdgeLoss
  input?: { width: number; height: number }
  parameters?: number
  gflops?: number
  horizon_x3?: {
    operators: number
    off_bpu: number
    bpu_subgraphs: number
    padding_waste: number
    estimated_ms: { best: number; worst: number; basis: string }
    reasons: { op: string; where: 'cpu' | 'unsupported'; why: string; count: number }[]
  }
}
/** `manifest.json` of a zip, as far as the page reads it. */
export interface EdgeManifest {
  input: { width: number; height: number }
  categories: string[]
  thresholds: Record<string, number>
}
interface EdgeTime {
  p50_ms: number
  p95_ms: number
}
export type EdgeExport = Precise<
  'EdgeExport',
  {
    job: Job | null
    report: EdgeReportFigures | null
    speed: { fp32?: EdgeTime; int8?: EdgeTime; threads: number; processor: string } | null
  }
>

/** `switch` says what was changed of the size that was asked for. */
export type SizeFigures = Precise<
  'SizeFigures',
  { switch: '' | 'relu' | 'stem' | 'pools' | '16' | 'size' | 'input' | 'lite' }
>
export type SizeFiguresTold = SizeFigures & { over: Record<string, string>; helps: SizeFigures[] }

// --- Training -------------------------------------------------------------------------------------------------------
export type OptionValue = string | number | boolean
export type MethodOption = Precise<'Option', { default: OptionValue }>
export type TrainingMethod = Precise<'MethodSpec', { options: MethodOption[]; sizes: Record<string, string[]> }>
export type TrainingRun = Precise<
  'Run',
  {
    options: Record<string, OptionValue>
    job: Job | null
    latest: (Record<string, number | null> & { iteration: number; loss?: number }) | null
  }
>
export type Histogram = Precise<'Histogram'>
export type Weighed = Precise<'Weighed'>
/** Columns of equal length by name, `iteration` among them; what the method weighed, moment by moment; and one row a validation. */
export interface RunMetrics {
  train: Record<string, (number | null)[]> & { iteration: number[] }
  histograms: Weighed[]
  validations: (Figures & { iteration: number })[]
  last_iteration: number
}
export type Comparison = Precise<
  'MethodComparison',
  { options: Record<string, OptionValue>; method_options: Record<string, Record<string, OptionValue>> }
>
export type Standing = Precise<'Standing'>
export type Standings = Precise<'Standings'>
export type SeedDifference = Precise<'SeedDifference'>
export type PaperClaim = Precise<'PaperClaim'>
export type PredictionSet = Precise<'PredictionSet', { job: Job | null }>
export type PredictionSetDetail = Precise<'PredictionSetDetail', { job: Job | null }>
export type ShownFrame = Precise<'ShownFrame'>
export type ShownModel = Precise<'ShownModel'>
export type ShownDetection = Precise<'ShownDetection'>
/** What three steps of a run told. */
export interface RunCost {
  parameters: number
  images: number | null
  seconds_per_iteration: number
  seconds: number
  peak_memory_mb: number
  checkpoint_mb: number
  device: string
}

// --- Jobs -----------------------------------------------------------------------------------------------------------
export type JobState = Schemas['JobStateEnum']
export type Job = Precise<'Job', { params: Record<string, unknown>; result: Record<string, unknown> | null }>
export type JobLogLine = Precise<'JobLog'>
export type PrelabelParams = Schemas['PrelabelParamsRequest']

// --- Footage --------------------------------------------------------------------------------------------------------
export type DriveCounts = Precise<'DriveCounts'>
export type Drive = Precise<'Drive', { jobs: Job[] }>
export type DriveWrite = Schemas['DriveWriteRequest']
export type ClipState = Schemas['ClipStateEnum']
/** A member of a zip that was refused. */
export interface ClipProblem {
  name: string
  code: string
  detail: string
}
export type LabelFormat = Precise<'Format'>
export type LabelImport = Precise<'LabelImport', { mapping: CategoryMapping; job: Job | null }>
/** Source category -> ours; null for a region to ignore. */
export type CategoryMapping = Record<string, string | null>
export type ImportRequest = Schemas['ImportRequestRequest'] & { mapping: CategoryMapping }
export type VersionExport = Precise<'VersionExport', { job: Job | null }>
export type Clip = Precise<'Clip', { problems: ClipProblem[]; job: Job | null }>
export type FrameState = Schemas['FrameStateEnum']
export type FrameRow = Precise<'Frame'>

// --- Audit ----------------------------------------------------------------------------------------------------------
export type FrameBox = Precise<'Box'>
export type FrameDetail = Precise<'FrameDetail', { state: FrameState; boxes: FrameBox[] }>
export type Crop = Precise<'Crop', { box: FrameBox; frame: Precise<'CropFrame'> }>
export type TrackBrief = Precise<'TrackBrief'>
export type TrackFrame = Precise<'TrackFrame', { boxes: FrameBox[] }>
export type Film = Precise<'TrackDetail', { frames: TrackFrame[] }>
export type TrackDecision = Schemas['TrackOperationRequest']
export type TrackResult = Precise<'TrackResult', { tracks: Film[] }>
export type ClaimRequest = Partial<Schemas['ClaimRequest']>
export type Claim = Precise<'Claimed', { frames: FrameDetail[] }>
export type Heartbeat = Precise<'Heartbeat'>
export type AuditSummary = Precise<'Summary'>
export type OperationsResult = Precise<
  'OperationsResult',
  { frame: Precise<'FrameBrief', { state: FrameState }>; boxes: FrameBox[] }
>

// --- Review ---------------------------------------------------------------------------------------------------------
export type Thread = Precise<'Thread'>
export type ThreadComment = Precise<'Comment'>
export type Verdict = Schemas['VerdictEnum']
export type ReviewStage = Schemas['StageEnum']
export type Review = Precise<'Review'>
export type FrameReviews = Precise<'FrameReviews'>
export type ReviewRow = Precise<'ReviewRow', { review: Review | null }>
export type ReviewCounts = Precise<'ReviewCounts'>

// --- Team -----------------------------------------------------------------------------------------------------------
export type PersonInTeam = Precise<'PersonInTeam'>
export type Present = Precise<'Present'>
export type TeamRow = Precise<'TeamRow'>
export type Decision = Precise<'Decision'>
export type Assignment = Precise<'Assignment'>
export type AssignmentWrite = Schemas['AssignmentWriteRequest']
export type Disagreement = Precise<'Disagreement'>
export type OpinionVerdict = Schemas['OpinionVerdictEnum']
export type Agreement = Precise<'Agreement'>

// --- Datasets -------------------------------------------------------------------------------------------------------
export type Split = Schemas['SplitEnum']
/** `Full` is read from TrainGT and TrainPseudo. */
export type ReadableSplit = Split | 'Full'
export type VersionState = Schemas['VersionStateEnum']
export interface SplitSummary {
  /** Names of the drives. */
  drives: string[]
  frames: number
  boxes: number
  by_category: Record<string, number>
  by_source: Record<string, number>
  by_state: Record<string, number>
}
interface Summarised {
  /** Empty until the version is frozen. */
  summary: { frames?: number; boxes?: number; splits?: Partial<Record<Split, SplitSummary>> }
}
export type VersionBrief = Precise<'VersionBrief', Summarised>
export type DatasetVersion = Precise<
  'Version',
  Summarised & { categories: Pick<Category, 'name' | 'phrase' | 'group'>[]; job: Job | null }
>
export type Dataset = Precise<'Dataset', { versions: VersionBrief[] }>
export type DatasetWrite = Schemas['DatasetWriteRequest']
export type VersionWrite = Schemas['VersionWriteRequest']
export type DataCard = Precise<'Card'>
export type SplitCard = Precise<'SplitCard'>
export type Lineage = Precise<'Lineage', { previous: { id: number; number: number; digest: string }[] }>
export type VersionComparison = Precise<'VersionComparison'>
export type ComparedFrame = Precise<'ComparedFrame'>
export type ChangeKind = Schemas['VersionComparison']['frames'] extends infer Counts
  ? Exclude<keyof Counts, 'same'>
  : never
export type SplitsWrite = Partial<Schemas['SplitsWriteRequest']>
export type ProposedSplits = Precise<'Splits'>
export type ExportLink = Precise<'ExportLink'>

// --- Explore --------------------------------------------------------------------------------------------------------
export type GalleryFrame = Precise<'GalleryFrame'>
export type GalleryCrop = Precise<'GalleryCrop', { box: FrameBox; frame: Precise<'CropFrame'> }>
export type Histograms = Precise<'Histograms'>
export type Similar = {
  frames: (GalleryFrame & { likeness: number })[]
  crops: (GalleryCrop & { likeness: number })[]
}
export type Coverage = Precise<'Coverage'>
export type Slice = Precise<'SavedSlice'>
export type SliceDetail = Precise<'SavedSliceDetail'>

// --- Home -----------------------------------------------------------------------------------------------------------
export type WaitingFor =
  | 'auto_accept_off'
  | 'frames_to_audit'
  | 'frames_to_prelabel'
  | 'clips_failed'
  | 'jobs_failed'
  | 'drives_unversioned'

type Counts<Key extends string> = Record<Key, number>

export type Overview = Precise<
  'Overview',
  {
    frames: Counts<'total' | 'new' | 'prelabelled' | 'in_audit' | 'audited' | 'excluded'>
    boxes: Counts<'pending' | 'missed_candidate' | 'accepted' | 'edited' | 'rejected'>
    jobs: Counts<'queued' | 'running' | 'failed'>
    datasets: Counts<'datasets' | 'versions'>
    models: Counts<'total'>
    fleet: Counts<'devices' | 'online'>
    waiting: { what: WaitingFor; count: number; link: string }[]
  }
>

export type DayFigures = Always<Schemas['DayFigures']>
export type DaySeries = DayFigures['series'][number]

// --- Risk -----------------------------------------------------------------------------------------------------------
export type RankingName = 'risk' | 'priority' | 'confidence' | 'margin' | 'entropy' | 'objectlab'
export type AuditCurve = Precise<'AuditCurve', { rankings: Partial<Record<RankingName, Always<Schemas['Ranking']>>> }>
export type Stratum = Precise<'Stratum', { group: '' | 'vehicle' | 'vulnerable' | 'part' | 'infrastructure' }>
export type SetBound = Precise<'SetBound'>
export type AuditBound = Precise<'AuditBound', { strata: Stratum[] }>
export type Sensitivity = Precise<'Sensitivity'>
export type Measured = Sensitivity['all']
export type Rate = Precise<'Rate'>
export type AuditMix = Precise<'AuditMix'>
export type GoldFrame = Precise<'GoldFrame'>
export type AutoAccept = Precise<
  'AutoAccept',
  { certificate: Precise<'Certificate', { off_reason: '' | 'audits' | 'shift'; job: Job | null }> | null }
>
export type CertifiedSlice = AutoAccept['offer'][number]
export type MissedEstimate = Precise<'MissedEstimate'>
export type RiskModel = Precise<'RiskModel'>

export type LabelSource = Precise<'LabelSource'>
export type LabelPair = Precise<'LabelPair'>
export type LabelComparison = Precise<'LabelComparison', { pairs: LabelPair[] }>
