/** A button for the company's own provider, where there is one. A form of the browser, as its answer leads to another site. */
import { Button, Divider } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { csrfToken } from '../../api/client'
import { providers } from './login'

export function CompanyLogin({ next }: { next?: string }) {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['session', 'providers'],
    queryFn: providers,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (!data?.length) return null
  const back = next ? `/login?next=${encodeURIComponent(next)}` : '/login'
  return (
    <>
      <Divider label={t('session.or')} />
      {data.map(({ id, name }) => (
        <form key={id} method="post" action="/_allauth/browser/v1/auth/provider/redirect">
          <input type="hidden" name="provider" value={id} />
          <input type="hidden" name="process" value="login" />
          <input type="hidden" name="callback_url" value={back} />
          <input type="hidden" name="csrfmiddlewaretoken" value={csrfToken()} />
          <Button type="submit" variant="default" fullWidth>
            {t('session.by', { name })}
          </Button>
        </form>
      ))}
    </>
  )
}
