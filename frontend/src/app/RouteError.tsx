/** A page that could not be shown: why, and a way to try again. */
import { Container } from '@mantine/core'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { ErrorNote } from '../ui/ErrorNote'

export function RouteError({ error }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <Container size="sm" py="xl">
      <ErrorNote error={error} retry={() => void router.invalidate()} />
    </Container>
  )
}
