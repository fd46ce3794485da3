/** Mantine's button and anchor as links of the router, with its types. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { type AnchorHTMLAttributes, forwardRef } from 'react'

type Native = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>

const ButtonAnchor = forwardRef<HTMLAnchorElement, ButtonProps & Native>((props, ref) => (
  <Button ref={ref} component="a" {...props} />
))
ButtonAnchor.displayName = 'ButtonAnchor'

const TextAnchor = forwardRef<
  HTMLAnchorElement,
  AnchorProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps>
>((props, ref) => <Anchor ref={ref} {...props} />)
TextAnchor.displayName = 'TextAnchor'

export const ButtonLink = createLink(ButtonAnchor)
export const TextLink = createLink(TextAnchor)
