namespace ChunkProxy.Cache.Membership;

/// <summary>What a process does with one connection to etcd: watches, renews its lease, and reads everything again from time to time.</summary>
/// <param name="etcd">The connection.</param>
/// <param name="prefix">What the keys of all members begin with.</param>
/// <param name="beat">How often etcd has to give a sign of life, and how long it may take for it.</param>
/// <param name="reconcileInterval">How often all members are read again.</param>
/// <param name="state">Told what is read and seen.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told what an operator should know.</param>
internal sealed class EtcdSession(
    EtcdConnection etcd, string prefix, TimeSpan beat, TimeSpan reconcileInterval, MembershipState state, TimeProvider time, ILogger logger)
{
    private long _connected;

    /// <summary>How long the session has stood; zero if it never did.</summary>
    public TimeSpan Stood => _connected == 0 ? TimeSpan.Zero : time.GetElapsedTime(_connected);

    /// <summary>Runs until something fails or ends, and ends the rest of it then.</summary>
    /// <param name="hold">Keeps the process registered, if it is to be; calls its argument each time that it is.</param>
    /// <param name="connected">Called when etcd is read from, and the process registered.</param>
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
                logger.ChangeHadBeenMissed();
            }
        }
    }

    /// <summary>Sees that etcd answers. A watch does not: on a paused etcd it is as silent as on one where nothing changes.</summary>
    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(beat, time, cancellationToken);
            await etcd.ProbeAsync(prefix, beat, cancellationToken);
        }
    }
}
