/** The export form as the server is asked. */
import type { EdgeTarget } from '../../api/types'
import type { EdgeExportWrite } from './queries'

export const TARGETS = ['bundle', 'int8', 'onnx', 'horizon', 'openvino'] as const satisfies readonly EdgeTarget[]
export const SLICES = ['drive', 'time_of_day', 'weather'] as const

export interface ExportForm {
  target: EdgeTarget
  /** Null until the person has chosen; empty for rendered scenes. */
  version: string | null
  judge: string | null
  /** Empty: as in training. */
  width: number | string
  height: number | string
  calibration: number | string
  slices: string[]
  most_lost: number | string
  most_lost_category: number | string
}

export const INITIAL: ExportForm = {
  target: 'bundle',
  version: null,
  judge: null,
  width: '',
  height: '',
  calibration: 100,
  slices: [...SLICES],
  most_lost: 0.01,
  most_lost_category: 0.03,
}

export function writeOf(model: number, form: ExportForm): EdgeExportWrite {
  return {
    model,
    dataset_version: form.version ? Number(form.version) : null,
    judge_split: form.judge ?? '',
    target: form.target,
    width: side(form.width),
    height: side(form.height),
    calibration: Number(form.calibration),
    slices: form.slices,
    most_lost: Number(form.most_lost),
    most_lost_category: Number(form.most_lost_category),
  }
}

function side(value: number | string): number | null {
  return value === '' ? null : Number(value)
}
