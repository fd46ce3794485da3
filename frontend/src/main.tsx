/** The page's entry; Django's template loads it and carries the nonce. */
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app/global.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Providers } from './app/Providers'
import { wordsAreThere } from './i18n'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root element.')
const page = createRoot(root)
void wordsAreThere.then(() =>
  page.render(
    <StrictMode>
      <Providers />
    </StrictMode>,
  ),
)
