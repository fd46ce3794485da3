/** The papers' own figures beside ours, marked as the claims that they are. */
import { Badge, Paper, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PaperClaim, Standing } from '../../api/types'
import { formatDifference } from '../../ui/format'
import classes from './comparisons.module.css'

export function Claims({ rows }: { rows: Standing[] }) {
  const { t } = useTranslation()
  const claimed = rows.filter(({ claims }) => claims.length > 0)
  if (claimed.length === 0) return null
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="claims">
      <Title order={2} size="h4" id="claims">
        {t('comparisons.claims')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('comparisons.claimsLead')}
      </Text>
      <Table.ScrollContainer type="native" minWidth={820}>
        <Table className={classes.numbers}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('training.method')}</Table.Th>
              <Table.Th scope="col">{t('comparisons.setting')}</Table.Th>
              <Table.Th scope="col">{t('comparisons.before')}</Table.Th>
              <Table.Th scope="col">{t('comparisons.after')}</Table.Th>
              <Table.Th scope="col">{t('comparisons.gain')}</Table.Th>
              <Table.Th scope="col">{t('comparisons.paper')}</Table.Th>
              <Table.Th scope="col">{t('comparisons.ours')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {claimed.flatMap((row) =>
              row.claims.map((claim) => <ClaimRow key={`${row.method} ${claim.setting}`} claim={claim} row={row} />),
            )}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

function ClaimRow({ claim, row }: { claim: PaperClaim; row: Standing }) {
  const { t } = useTranslation()
  return (
    <Table.Tr>
      <Table.Th scope="row">{row.title}</Table.Th>
      <Table.Td>{claim.setting}</Table.Td>
      <Table.Td>{claim.before?.toFixed(1) ?? '–'}</Table.Td>
      <Table.Td>{claim.after?.toFixed(1) ?? '–'}</Table.Td>
      <Table.Td>
        {gainText(claim)}{' '}
        <Badge variant="outline" color="gray" size="xs">
          {t('comparisons.claim')}
        </Badge>
      </Table.Td>
      <Table.Td>{claim.paper}</Table.Td>
      <Table.Td>{formatDifference(row.against_control?.difference)}</Table.Td>
    </Table.Tr>
  )
}

/** Points of AP with their sign; a range where the paper gives one. */
function gainText({ gain: [low = 0, high = 0] }: PaperClaim): string {
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`
  return low === high ? signed(low) : `${signed(low)} … ${signed(high)}`
}
