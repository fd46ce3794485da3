/** Models, evaluations and jobs as the server gives them, with what a test says about them. */
import type { Evaluation, Job, ModelVersion } from '../api/types'

export const VERSION = { id: 3, number: 2, dataset: { id: 1, name: 'night' } }

export function evaluation(values: Partial<Evaluation>): Evaluation {
  return {
    id: 1,
    model: { id: 1, name: 'nano' },
    dataset_version: VERSION,
    split: 'test',
    slice_name: '',
    figures: null,
    job: null,
    created_at: '2026-01-01T00:00:00Z',
    ...values,
  }
}

export function model(values: Partial<ModelVersion>): ModelVersion {
  return {
    id: 1,
    name: 'nano',
    ref: 'bundled:gdino-nano',
    family: 'grounding-dino',
    sha256: '',
    parameters: null,
    metrics: {},
    method: '',
    parent: null,
    dataset_version: null,
    training_run: null,
    code_version: '',
    serving: false,
    downloadable: false,
    notes: '',
    created_at: '2026-01-01T00:00:00Z',
    ...values,
  }
}

export function comparisonJob(values: Partial<Job>): Job {
  return { id: 'j', state: 'succeeded', params: { first: 1, second: 2 }, result: null, error: null, ...values } as Job
}
