import { useEffect, useState } from 'react'

/** The picture once it is there; null while another one comes. */
export function useImage(url: string): HTMLImageElement | null {
  const [loaded, setLoaded] = useState<HTMLImageElement | null>(null)
  useEffect(() => {
    let wanted = true
    const image = new Image()
    image.src = url
    void image.decode().then(
      () => wanted && setLoaded(image),
      () => wanted && setLoaded(null),
    )
    return () => {
      wanted = false
      setLoaded(null)
    }
  }, [url])
  return loaded
}
