/** The workspace's slices: take one up, save the question as one, send one on. */
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import { useRight } from '../../api/me'
import { ErrorNote } from '../../ui/ErrorNote'
import { slicesQuery, useDeleteSlice, useSaveSlice } from './queries'
import { SendSlice } from './SendSlice'
import { askedOf, type ExploreSearch, exploreSearch, kindOf } from './search'

interface SliceBarProps {
  search: ExploreSearch
  go: (search: ExploreSearch) => void
}

export function SliceBar({ search, go }: SliceBarProps) {
  const { t } = useTranslation()
  const slices = useQuery(slicesQuery)
  const remove = useDeleteSlice()
  const may = useRight('dataset.write')
  const [saving, { open, close }] = useDisclosure()
  const found = slices.data?.results ?? []
  const chosen = found.find(({ id }) => id === search.slice)
  const take = (value: string | null): void => {
    const slice = found.find(({ id }) => String(id) === value)
    go(slice ? { ...exploreSearch({ ...slice.asked }), slice: slice.id } : { ...search, slice: undefined })
  }
  return (
    <Group gap="xs" mb="sm">
      <Select
        w={210}
        aria-label={t('explore.slice')}
        placeholder={t('explore.slice')}
        clearable
        searchable
        data={found.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={chosen ? String(chosen.id) : null}
        onChange={take}
        nothingFoundMessage={t('explore.noSlices')}
      />
      {chosen ? (
        <>
          <SendSlice slice={chosen} />
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconTrash size={16} />}
            disabled={!may}
            loading={remove.isPending}
            onClick={() => remove.mutate(chosen.id, { onSuccess: () => go({ ...search, slice: undefined }) })}
          >
            {t('explore.deleteSlice')}
          </Button>
        </>
      ) : (
        <Button variant="default" leftSection={<IconBookmark size={16} />} disabled={!may} onClick={open}>
          {t('explore.saveSlice')}
        </Button>
      )}
      {saving && <SaveDialog search={search} onClose={close} onSaved={(id) => go({ ...search, slice: id })} />}
    </Group>
  )
}

interface SaveDialogProps {
  search: ExploreSearch
  onClose: () => void
  onSaved: (id: number) => void
}

function SaveDialog({ search, onClose, onSaved }: SaveDialogProps) {
  const { t } = useTranslation()
  const save = useSaveSlice()
  const form = useForm({ initialValues: { name: '' } })
  const submit = form.onSubmit(({ name }) =>
    save.mutate(
      { name: name.trim(), asked: { ...askedOf(search), kind: kindOf(search) } },
      {
        onSuccess: ({ id }) => {
          onClose()
          onSaved(id)
        },
        onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
      },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={t('explore.saveSlice')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {save.error && Object.keys(form.errors).length === 0 && <ErrorNote error={save.error} />}
          <TextInput
            label={t('explore.sliceName')}
            description={t('explore.sliceHelp')}
            required
            maxLength={120}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
