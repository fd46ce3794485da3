/** The look: dense, calm, system fonts, one accent. */
import { type CSSVariablesResolver, createTheme } from '@mantine/core'

/** Mantine draws a cross without a name. */
const CLOSE = { 'aria-label': 'Close' }
/** A dialog's header is no second banner of the page. */
const HEADER = { header: { role: 'presentation' } }

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Code", "SF Mono", Menlo, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: { fontWeight: '600' },
  components: {
    Table: { defaultProps: { verticalSpacing: 8, horizontalSpacing: 'sm', fz: 'sm' } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.5 },
        closeButtonProps: CLOSE,
        attributes: HEADER,
      },
      styles: { title: { fontWeight: 600 } },
    },
    Drawer: { defaultProps: { closeButtonProps: CLOSE, attributes: HEADER }, styles: { title: { fontWeight: 600 } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
  },
})

/** Text on the light variant of each accent. */
const LIGHT_TEXT = {
  blue: '#155a9c',
  teal: '#076b4c',
  red: '#b01e1e',
  orange: '#a33b00',
  yellow: '#8a4b00',
  gray: '#495057',
}

/** Mantine's own dimmed, error and light-variant texts stay below 4.5:1 on our surfaces (axe-core); these do not. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a636b',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-red-text': 'var(--mantine-color-red-9)',
    '--mantine-color-anchor': 'var(--mantine-color-blue-8)',
    '--mantine-color-placeholder': '#6c757d',
    ...Object.fromEntries(
      Object.entries(LIGHT_TEXT).map(([name, text]) => [`--mantine-color-${name}-light-color`, text]),
    ),
  },
  dark: { '--mantine-color-dimmed': '#a3a3a3', '--mantine-color-placeholder': '#9a9a9a' },
})
