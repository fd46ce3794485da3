/** While a page's code is on its way: its outline, so that nothing jumps. */
import { Skeleton, Stack } from '@mantine/core'

export function RoutePending() {
  return (
    <Stack gap="lg" aria-busy="true">
      <Skeleton h={34} w={220} />
      <Skeleton h={120} />
      <Skeleton h={320} />
    </Stack>
  )
}
