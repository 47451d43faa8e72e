// Reporting and blocking the stranger: from a menu while the talk goes on, side by side for a while after it. The dialog
// asks for a reason and for nothing else.

import type { JSX, TargetedKeyboardEvent, TargetedSubmitEvent } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { forgottenMs, reportable } from "../report";
import type { Lobby, LobbyEvent, ReportReason } from "../state";
import { texts } from "../texts";
import { Icon } from "./icons";

/** A timer may ring a little early, and there is only one. */
const LATE_MS = 50;

/** Drawn anew at the moment when it is too late. */
export function useReportable(lobby: Lobby): boolean {
  const [, draw] = useState(0);
  const untilMs = forgottenMs(lobby);
  useEffect(() => {
    if (untilMs === undefined || untilMs <= Date.now()) return;
    const timer = setTimeout(() => draw(untilMs), untilMs - Date.now() + LATE_MS);
    return () => clearTimeout(timer);
  }, [untilMs]);
  return reportable(lobby, Date.now());
}

interface CareProps {
  reported: boolean;
  report: () => void;
  block: () => void;
}

/** Opens under its button, and closes with Esc or when the focus goes elsewhere. */
export function ReportMenu({ reported, report, block }: CareProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const items = useRef<HTMLDivElement>(null);
  // Before anything is drawn, so that the next key already belongs to the menu.
  useLayoutEffect(() => {
    if (open) items.current?.querySelector("button")?.focus();
  }, [open]);

  /** Back to where it was opened: what a dialog takes the focus from, it gives it back to. */
  function close(): void {
    setOpen(false);
    toggle.current?.focus();
  }

  function key(event: TargetedKeyboardEvent<HTMLDivElement>): void {
    if (!open || event.key !== "Escape") return;
    event.preventDefault(); // here it does not mean Next
    close();
  }

  function left(event: FocusEvent & { currentTarget: HTMLDivElement }): void {
    const { relatedTarget } = event;
    if (!(relatedTarget instanceof Node && event.currentTarget.contains(relatedTarget))) setOpen(false);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears of what happens to the buttons within
    <div class="menu" onKeyDown={key} onFocusOut={left}>
      <button
        ref={toggle}
        type="button"
        class="icon-button"
        aria-label={texts.report.more}
        title={texts.report.more}
        aria-expanded={open}
        aria-controls="report-menu"
        onClick={() => (open ? close() : setOpen(true))}
      >
        <Icon of="flag" />
      </button>
      <div ref={items} class="menu-items" id="report-menu" hidden={!open}>
        {reported ? (
          <p class="menu-done">{texts.report.done}</p>
        ) : (
          <button
            type="button"
            class="menu-item"
            onClick={() => {
              close();
              report();
            }}
          >
            {texts.report.open}
          </button>
        )}
        <button type="button" class="menu-item" aria-describedby="block-hint" onClick={block}>
          {texts.report.blockAndLeave}
          <span class="hint" id="block-hint">
            {texts.report.blockHint}
          </span>
        </button>
      </div>
    </div>
  );
}

/** After the talk there is room for both beside each other, as long as they mean something. */
export function ReportRow({ reported, report, block, late }: CareProps & { late: boolean }): JSX.Element {
  return (
    <div class="care">
      <p class="soft" role="status">
        {reported ? texts.report.done : ""}
      </p>
      {late || reported ? null : (
        <button type="button" class="button quiet small" onClick={report}>
          {texts.report.open}
        </button>
      )}
      {late ? null : (
        <button type="button" class="button quiet small" title={texts.report.blockHint} onClick={block}>
          {texts.report.block}
        </button>
      )}
    </div>
  );
}

interface DialogProps {
  /** The talk has ended by itself, so there is nothing to leave. */
  over: boolean;
  late: boolean;
  send: (event: LobbyEvent) => void;
  closed: () => void;
}

export function ReportDialog({ over, late, send, closed }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();

  function submit(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const reason = reasons().find(([name]) => name === form.get("reason"))?.[0];
    if (!reason) return; // the browser has asked for one already
    close(); // first, so that the focus is back before the screen may change
    send({ type: "report", reason, block: form.has("block") });
  }

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="report-title" aria-describedby="report-lead" onClose={closed}>
      {late ? (
        <div class="dialog-body">
          <h2 class="card-title" id="report-title">
            {texts.report.title}
          </h2>
          <p id="report-lead">{texts.report.late}</p>
          <button type="button" class="button" onClick={close}>
            {texts.report.close}
          </button>
        </div>
      ) : (
        <form class="dialog-body" onSubmit={submit}>
          <h2 class="card-title" id="report-title">
            {texts.report.title}
          </h2>
          <p class="soft" id="report-lead">
            {texts.report.lead}
          </p>
          <fieldset class="choices">
            <legend>{texts.report.what}</legend>
            {reasons().map(([name, words]) => (
              <label class="choice" key={name}>
                <input type="radio" name="reason" value={name} required />
                <span>{words}</span>
              </label>
            ))}
          </fieldset>
          <label class="check">
            <input type="checkbox" name="block" defaultChecked aria-describedby="report-block-hint" />
            <span>
              {over ? texts.report.also : texts.report.alsoLeave}
              <span class="hint" id="report-block-hint">
                {texts.report.alsoHint}
              </span>
            </span>
          </label>
          <div class="dialog-end">
            <button type="button" class="button quiet" onClick={close}>
              {texts.report.cancel}
            </button>
            <button type="submit" class="button primary">
              {texts.report.send}
            </button>
          </div>
        </form>
      )}
    </dialog>
  );
}

function reasons(): [ReportReason, string][] {
  return Object.entries(texts.report.reasons) as [ReportReason, string][];
}
