// Every word of what a talk can do beyond text; it is loaded with it.

export const extraTexts = {
  check: {
    open: "Check the connection",
    title: "Is anybody between you?",
    lead: "Your stranger sees four words, too. If they are the same, in the same order, nobody sits between your two browsers.",
    how: "Compare them by voice or video, or on another channel: text could be rewritten by whoever sits in between.",
    limit: "They do not tell who your stranger is, nor that they do not record.",
    numbers: "The numbers stand for the words, for two who share no alphabet.",
    coming: "One moment: the two browsers are still agreeing on the words.",
    missing:
      "There are no words in this talk: your stranger’s browser did not send its part of them, or it got lost. So nobody can say whether somebody sits in between. Tell nothing that you would mind.",
    close: "Close",
  },
} as const;
