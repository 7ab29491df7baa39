// SPDX-License-Identifier: Apache-2.0
import { Modal } from "antd";
import { useState } from "react";
import { useWords } from "../i18n/words";
import { actions, enableKeys, keysEnabled, keysOf } from "./keyboard";

export function KeyHelp({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useWords();
  const [on, setOn] = useState(keysEnabled);
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      title={t.keys.title}
      width={560}
      closable={{ "aria-label": t.app.close }}
    >
      <p className="quiet">{t.keys.off}</p>
      <dl className="keys">
        {actions.map((action) => (
          <div key={action}>
            <dt>
              {keysOf[action].map((keys, n) => (
                <span key={keys}>
                  {n > 0 && " / "}
                  {keys.split(" ").map((key, m) => (
                    <span key={key}>
                      {m > 0 && ` ${t.keys.then} `}
                      <kbd>{key}</kbd>
                    </span>
                  ))}
                </span>
              ))}
            </dt>
            <dd>{t.keys[action]}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>[[</kbd>
          </dt>
          <dd>{t.keys.article}</dd>
        </div>
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>{t.keys.macro}</dd>
        </div>
      </dl>
      <label className="check">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => {
            enableKeys(event.target.checked);
            setOn(event.target.checked);
          }}
        />{" "}
        {t.keys.enabled}
      </label>
    </Modal>
  );
}
