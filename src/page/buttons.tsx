/** Buttons of every page. */
import { useState } from 'preact/hooks';
import { shown } from '../story/shown-text.js';

/** Light or dark, in place of what the system says. */
export function Theme() {
  const [dark, setDark] = useState(matchMedia('(prefers-color-scheme: dark)').matches);
  const toggle = () => {
    document.documentElement.style.colorScheme = dark ? 'light' : 'dark';
    setDark(!dark);
  };
  return (
    <button type="button" onClick={toggle}>
      {dark ? 'Light' : 'Dark'}
    </button>
  );
}

interface CopyProps {
  readonly text: string;
  readonly label: string;
}

/** Copies a text, which is there to be read and selected too. */
export function Copy({ text, label }: CopyProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <span class="copy">
      <code>{shown(text)}</code>
      <button type="button" onClick={copy}>
        {copied ? 'Copied' : label}
      </button>
    </span>
  );
}
