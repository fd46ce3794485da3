/** The card, which the server writes in Markdown. It becomes React elements; HTML in it is dropped, never set. */
import { Table } from '@mantine/core'
import type { ComponentProps } from 'react'
import Markdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import classes from './models.module.css'

/** One level down, without the name: the page has both. */
const COMPONENTS: Components = {
  h1: () => null,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  table: ({ children }) => (
    <Table.ScrollContainer type="native" minWidth={520}>
      <table>{children}</table>
    </Table.ScrollContainer>
  ),
  a: ({ href, children }: ComponentProps<'a'>) => (
    <a href={href} rel="noreferrer">
      {children}
    </a>
  ),
  // A picture would be fetched from wherever a note says.
  img: ({ alt }) => alt,
}
const PLUGINS = [remarkGfm]

export function ModelCard({ card }: { card: string }) {
  return (
    <div className={classes.card}>
      <Markdown skipHtml remarkPlugins={PLUGINS} components={COMPONENTS}>
        {card}
      </Markdown>
    </div>
  )
}
