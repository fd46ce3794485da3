/** Register a model by its reference. The weights are read, and hashed, when a worker first uses them. */
import { Alert, Button, Code, Group, Modal, Stack, Table, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import { ErrorNote } from '../../ui/ErrorNote'
import { type ModelWrite, useAddModel } from './queries'

const FORMS = [
  { ref: 'bundled:gdino-nano', key: 'bundled' },
  { ref: 'yolox-onnx:/weights/yolox_nano.onnx', key: 'yolox' },
  { ref: '/weights/grounding-dino-tiny', key: 'folder' },
  { ref: 'IDEA-Research/grounding-dino-tiny', key: 'hub' },
] as const

export function ModelDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const add = useAddModel()
  const form = useForm<ModelWrite>({ initialValues: { name: '', ref: '', notes: '' } })
  const submit = form.onSubmit((values) =>
    add.mutate(values, {
      onSuccess: onClose,
      onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
    }),
  )
  return (
    <Modal opened onClose={onClose} title={t('models.add')} size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          {add.error && Object.keys(form.errors).length === 0 && <ErrorNote error={add.error} />}
          <TextInput label={t('models.name')} required data-autofocus {...form.getInputProps('name')} />
          <TextInput label={t('models.ref')} required {...form.getInputProps('ref')} />
          <Alert variant="light" color="gray" title={t('models.forms')}>
            <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={0}>
              <Table.Tbody>
                {FORMS.map(({ ref, key }) => (
                  <Table.Tr key={key}>
                    <Table.Td w="50%">
                      <Code>{ref}</Code>
                    </Table.Td>
                    <Table.Td>{t(`models.form.${key}`)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Alert>
          <Textarea label={t('models.notes')} autosize minRows={2} {...form.getInputProps('notes')} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('models.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
