using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Sites.Viewers;

/// <summary>Viewers that read round after round until they are stopped.</summary>
/// <remarks>A phase says which viewers may be interrupted in it. A round belongs to all phases that it lies in.</remarks>
internal sealed class ViewerLoad : IAsyncDisposable
{
    // A viewer's pause between two rounds, unless a phase begins or the test waits for a round. Each round starts a program or a player, which takes CPU time
    // from the processes under test.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _stop = new();
    private readonly ChangeSignal _changed = new();
    private readonly List<Reader> _readers = []; // also the lock that guards everything here
    private readonly List<Phase> _phases = [new("at first", static (_, _) => false)];
    private readonly List<string> _interruptions = [];
    private readonly List<string> _faults = [];
    private TaskCompletionSource _wanted = NewSignal(); // another round

    /// <summary>Interruptions that a phase permits.</summary>
    public IReadOnlyList<string> Interruptions => Copy(_interruptions);

    /// <summary>The number of finished rounds of each viewer.</summary>
    public IReadOnlyList<string> Rounds
    {
        get
        {
            lock (_readers)
            {
                return [.. _readers.Select(static reader => $"{reader.Viewer.Name}: {reader.Finished}")];
            }
        }
    }

    public void Add(params IEnumerable<IViewer> viewers)
    {
        foreach (var viewer in viewers)
        {
            var reader = new Reader(viewer);
            lock (_readers)
            {
                _readers.Add(reader);
            }

            reader.Task = Task.Run(() => ReadAsync(reader));
        }
    }

    /// <summary>Begins a phase in which no viewer may be interrupted.</summary>
    public void Begin(string name) => Begin(name, static (_, _) => false);

    /// <param name="name">Its name.</param>
    /// <param name="permits">Whether a viewer that asks a member may be interrupted in it.</param>
    public void Begin(string name, Func<IViewer, ClusterMember, bool> permits)
    {
        lock (_readers)
        {
            _phases.Add(new Phase(name, permits));
            WantRound();
        }
    }

    /// <summary>Completes when each viewer has finished a round that it began after the call.</summary>
    public async Task WhenEachReadAsync(CancellationToken cancellationToken)
    {
        List<(Reader Reader, int Finished)> goals;
        lock (_readers)
        {
            goals = [.. _readers.Select(static reader => (reader, reader.Begun + 1))];
            WantRound();
        }

        await _changed.UntilAsync(() => Reached(goals), $"a round of each viewer: {string.Join(", ", goals)}", cancellationToken);
        VerifyNoFault();
    }

    /// <summary>Verifies that no round has failed, and that interruptions were in phases that permit them.</summary>
    public void VerifyNoFault()
    {
        var faults = Copy(_faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_readers.Select(static reader => reader.Task));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task ReadAsync(Reader reader)
    {
        while (!_stop.IsCancellationRequested && !reader.HasFailed)
        {
            int phase;
            Task wanted;
            lock (_readers)
            {
                phase = _phases.Count - 1;
                wanted = _wanted.Task;
                reader.Begun++;
            }

            var member = reader.Viewer.Member;
            IReadOnlyList<string> interruptions = [];
            Exception? failure = null;
            try
            {
                interruptions = await reader.Viewer.ReadAsync(CancellationToken.None);
            }
            catch (Exception e)
            {
                failure = e;
            }

            Note(reader, member, phase, interruptions, failure);
            await wanted.WaitAsync(Pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(Reader reader, ClusterMember member, int phase, IReadOnlyList<string> interruptions, Exception? failure)
    {
        lock (_readers)
        {
            var phases = _phases[phase..];
            var where = $"{string.Join(", then ", phases.Select(static it => it.Name))}: {reader.Viewer.Name}";
            var noted = phases.Exists(it => it.Permits(reader.Viewer, member)) ? _interruptions : _faults;
            noted.AddRange(interruptions.Select(interruption => $"{where}: {interruption}"));
            if (failure is not null)
            {
                reader.HasFailed = true;
                _faults.Add($"{where}: {failure}");
            }

            reader.Finished++;
        }

        _changed.Raise();
    }

    // Ends all pauses. The caller has the lock.
    private void WantRound()
    {
        _wanted.SetResult();
        _wanted = NewSignal();
    }

    private bool Reached(List<(Reader Reader, int Finished)> goals)
    {
        lock (_readers)
        {
            return _faults.Count > 0 || goals.TrueForAll(static goal => goal.Reader.Finished >= goal.Finished);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private List<string> Copy(List<string> list)
    {
        lock (_readers)
        {
            return [.. list];
        }
    }

    private sealed record Phase(string Name, Func<IViewer, ClusterMember, bool> Permits);

    private sealed class Reader(IViewer viewer)
    {
        public IViewer Viewer { get; } = viewer;

        public int Begun { get; set; }

        public int Finished { get; set; }

        public bool HasFailed { get; set; }

        public Task Task { get; set; } = Task.CompletedTask;

        public override string ToString() => $"{Viewer.Name} has finished {Finished}";
    }
}
