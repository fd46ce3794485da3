/** A drive as the dialog's fields hold it, and back. */
import type { Drive, DriveWrite } from '../../api/types'

export interface DriveForm {
  name: string
  taxonomy: string | null
  sampling: 'fps' | 'every'
  sample_fps: number | string
  sample_every: number | string
  vehicle: string
  camera: string
  place: string
  captured_at: string
  time_of_day: string
  weather: string
  consent_note: string
}

export function formOf(drive?: Drive): DriveForm {
  return {
    name: drive?.name ?? '',
    taxonomy: drive ? String(drive.taxonomy.id) : null,
    sampling: drive?.sample_every ? 'every' : 'fps',
    sample_fps: drive?.sample_fps ?? 2,
    sample_every: drive?.sample_every ?? 10,
    vehicle: drive?.vehicle ?? '',
    camera: drive?.camera ?? '',
    place: drive?.place ?? '',
    captured_at: drive?.captured_at ? localTime(drive.captured_at) : '',
    time_of_day: drive?.time_of_day ?? '',
    weather: drive?.weather ?? '',
    consent_note: drive?.consent_note ?? '',
  }
}

/** Sends the one sampling rule that is chosen; the server clears the other. */
export function driveWriteOf({
  taxonomy,
  sampling,
  sample_fps,
  sample_every,
  captured_at,
  ...texts
}: DriveForm): DriveWrite {
  return {
    ...texts,
    ...(taxonomy ? { taxonomy: Number(taxonomy) } : {}),
    ...(sampling === 'fps' ? { sample_fps: Number(sample_fps) } : { sample_every: Number(sample_every) }),
    captured_at: captured_at ? new Date(captured_at).toISOString() : null,
  }
}

/** ISO UTC -> what a `datetime-local` input shows, in the person's own time zone. */
function localTime(iso: string): string {
  const date = new Date(iso)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
