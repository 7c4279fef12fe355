namespace ChunkProxy.Cache.Membership;

/// <summary>One session on one connection to etcd: watches, keeps the process registered, and reads all members again at intervals.</summary>
/// <param name="etcd">The connection.</param>
/// <param name="prefix">Prefix of all members' keys.</param>
/// <param name="beat">Interval of the probes, and the time limit of each.</param>
/// <param name="reconcileInterval">Interval of the full reads.</param>
/// <param name="state">Receives what is read and watched.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs events for operators.</param>
internal sealed class EtcdSession(
    EtcdConnection etcd, string prefix, TimeSpan beat, TimeSpan reconcileInterval, MembershipState state, TimeProvider time, ILogger logger)
{
    private long _connected;

    /// <summary>How long the session has been established; zero if it never was.</summary>
    public TimeSpan Duration => _connected == 0 ? TimeSpan.Zero : time.GetElapsedTime(_connected);

    /// <summary>Runs until one part fails or ends, then ends the other parts.</summary>
    /// <param name="hold">Keeps the process registered, if it owns chunks; calls its argument each time the registration is confirmed.</param>
    /// <param name="connected">Called when etcd has been read and the process is registered.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    public async Task RunAsync(Func<EtcdConnection, Action, CancellationToken, Task> hold, Action connected, CancellationToken cancellationToken)
    {
        var (revision, members) = await etcd.ReadAsync(prefix, cancellationToken);
        state.Begin(revision, members);

        using var whole = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] parts =
        [
            WatchAsync(revision + 1, whole.Token),
            ReconcileAsync(whole.Token),
            ProbeAsync(whole.Token),
            hold(etcd, Held, whole.Token),
        ];
        var first = await Task.WhenAny(parts);
        await whole.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;

        void Held()
        {
            if (_connected == 0)
            {
                _connected = time.GetTimestamp();
                connected();
            }
        }
    }

    private async Task WatchAsync(long fromRevision, CancellationToken cancellationToken)
    {
        while (true)
        {
            var ending = await etcd.WatchAsync(prefix, fromRevision, state.Apply, cancellationToken);
            if (ending != WatchEnding.Compacted)
            {
                throw new IOException($"etcd ended the watch ({ending})");
            }

            logger.WatchCompacted();
            var (revision, members) = await etcd.ReadAsync(prefix, cancellationToken);
            state.Reconcile(revision, members);
            fromRevision = revision + 1;
        }
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(reconcileInterval, time, cancellationToken);
            var (revision, members) = await etcd.ReadAsync(prefix, cancellationToken);
            if (state.Reconcile(revision, members))
            {
                logger.ChangeMissed();
            }
        }
    }

    /// <summary>Checks that etcd answers. A watch cannot tell: it is as silent on a paused etcd as on one without changes.</summary>
    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(beat, time, cancellationToken);
            await etcd.ProbeAsync(prefix, beat, cancellationToken);
        }
    }
}
