/** The page's entry; Django's template loads it and carries the nonce. */
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app/global.css'
import './i18n'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Providers } from './app/Providers'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root element.')
createRoot(root).render(
  <StrictMode>
    <Providers />
  </StrictMode>,
)
