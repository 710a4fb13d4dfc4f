export interface AgentStart {
  /** The agent's text. */
  readonly agent: string;
  /** The URL of *collect-results*, without a trailing slash. */
  readonly collectUrl: string;
  /** The text of a job token. */
  readonly token: string;
}

/** The overrides with which a job runs the agent: its own command is `sh`. Nothing else is passed this way. */
export function agentOverrides({ agent, collectUrl, token }: AgentStart) {
  return {
    args: ['-c', 'eval "$DEPLOY_LOOP_AGENT"'],
    env: {
      DEPLOY_LOOP_AGENT: agent,
      DEPLOY_LOOP_COLLECT_URL: collectUrl,
      DEPLOY_LOOP_JOB_TOKEN: token,
    },
  } as const;
}
