"""A folder that holds all of Passerby, on one machine or on a cluster, for Docker Compose: `passerby init` writes it.

    choices ── what was asked or given ─┐
    texts   ── .env, passerby.toml ◄────┴──► folder ──► compose.yaml · image/ (ours) · settings, secrets (theirs)
    sources ── what images are built from ──────┘

    FOLDER/compose.yaml      deploy/compose.yaml as it is, or deploy/cluster's ┐ ours: written anew by `--update`
    FOLDER/image/            all that the images are built from                ┘
    FOLDER/.env              what compose.yaml is told                         ┐
    FOLDER/settings/         passerby.toml                                     │ the operator's: written once
    FOLDER/secrets/          keys, the relay's secret, and what differs (kinds) ┘
    FOLDER/page/ certificates/ numbers/      what containers write

Nothing but a container engine is needed where the folder is: no registry has images of ours, and no
checkout has to stay.
"""
