/** Rename, merge or split a category: the plan is shown first, and the change is asked for from it. */
import {
  Alert,
  Button,
  Checkbox,
  Group,
  List,
  Modal,
  MultiSelect,
  SegmentedControl,
  Stack,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { Category, Taxonomy } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { type ChangeWanted, type TaxonomyPlan, useTaxonomyChange } from './queries'

interface ChangeCategoryProps {
  taxonomy: Taxonomy
  category: Category
  onClose: () => void
}

type Kind = ChangeWanted['kind']
const KINDS: readonly Kind[] = ['rename', 'merge', 'split']

export function ChangeCategory({ taxonomy, category, onClose }: ChangeCategoryProps) {
  const { t } = useTranslation()
  const change = useTaxonomyChange(taxonomy.id)
  const form = useForm({
    initialValues: { kind: 'rename' as Kind, name: '', phrase: '', others: [] as string[], parts: '', reopen: false },
    // A plan is of the values that it was asked with.
    onValuesChange: () => change.reset(),
  })
  const { kind } = form.values
  const others = taxonomy.categories.filter(({ id }) => id !== category.id)
  const ask = (dry: boolean): void =>
    change.mutate(
      { ...wantedOf(category.id, form.values), dry_run: dry },
      { onSuccess: ({ change: made }) => made && onClose() },
    )
  return (
    <Modal opened onClose={onClose} title={t('taxonomy.title', { name: category.name })}>
      <form onSubmit={form.onSubmit(() => ask(true))}>
        <Stack gap="sm">
          <SegmentedControl
            aria-label={t('taxonomy.kind')}
            {...form.getInputProps('kind')}
            data={KINDS.map((value) => ({ value, label: t(`taxonomy.kinds.${value}`) }))}
          />
          {kind === 'rename' && (
            <>
              <TextInput label={t('taxonomy.newName')} required data-autofocus {...form.getInputProps('name')} />
              <TextInput label={t('admin.phrase')} placeholder={category.phrase} {...form.getInputProps('phrase')} />
            </>
          )}
          {kind === 'merge' && (
            <MultiSelect
              label={t('taxonomy.others', { name: category.name })}
              data={others.map(({ id, name }) => ({ value: String(id), label: name }))}
              {...form.getInputProps('others')}
            />
          )}
          {kind === 'split' && (
            <>
              <TextInput
                label={t('taxonomy.parts')}
                description={t('taxonomy.partsText')}
                required
                {...form.getInputProps('parts')}
              />
              <Checkbox label={t('taxonomy.reopen')} {...form.getInputProps('reopen', { type: 'checkbox' })} />
            </>
          )}
          {change.error && <ErrorNote error={change.error} />}
          {change.data && <Plan plan={change.data.plan} />}
          <Group justify="flex-end">
            <Button type="submit" variant="default" loading={change.isPending && change.variables.dry_run}>
              {t('taxonomy.plan')}
            </Button>
            <Button
              disabled={!change.data || change.data.plan.blocked.length > 0}
              loading={change.isPending && !change.variables.dry_run}
              onClick={() => ask(false)}
            >
              {t('taxonomy.doIt')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Plan({ plan }: { plan: TaxonomyPlan }) {
  const { t } = useTranslation()
  const { labels, labels_moved: moved, frames_reopened: reopened, drives, versions, models, retired, blocked } = plan
  return (
    <Alert title={t('taxonomy.would')} color={blocked.length > 0 ? 'red' : 'blue'} role="status">
      <List size="sm">
        <List.Item>{t('taxonomy.labels', { count: labels, drives, moved })}</List.Item>
        {reopened > 0 && <List.Item>{t('taxonomy.reopened', { count: reopened })}</List.Item>}
        {retired.length > 0 && <List.Item>{t('taxonomy.retired', { names: retired.join(', ') })}</List.Item>}
        {versions.length > 0 && <List.Item>{t('taxonomy.versions', { names: versions.join(', ') })}</List.Item>}
        {models.length > 0 && <List.Item>{t('taxonomy.models', { names: models.join(', ') })}</List.Item>}
        {blocked.map((why) => (
          <List.Item key={why}>{why}</List.Item>
        ))}
      </List>
    </Alert>
  )
}

function wantedOf(
  category: number,
  {
    kind,
    name,
    phrase,
    others,
    parts,
    reopen,
  }: { kind: Kind; name: string; phrase: string; others: string[]; parts: string; reopen: boolean },
): Omit<ChangeWanted, 'dry_run'> {
  if (kind === 'rename') return { kind, category, name, phrase }
  if (kind === 'merge') return { kind, category, others: others.map(Number) }
  const names = parts.split(',').map((part) => part.trim())
  return { kind, category, reopen, parts: names.filter(Boolean).map((part) => ({ name: part })) }
}
