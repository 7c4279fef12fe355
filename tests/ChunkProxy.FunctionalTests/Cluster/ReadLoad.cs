using System.Diagnostics;
using System.Globalization;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>Readers that read random ranges in sequence until they are stopped, and compare every byte.</summary>
internal sealed class ReadLoad : IAsyncDisposable
{
    private const long LongestRange = OneNode.MiB / 2;

    // A viewer's pause between two seeks. Without it, the readers would take CPU time from the processes under test.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly ChangeSignal _read = new();
    private readonly Lock _lock = new();
    private readonly List<LoadPhase> _phases = [new("processes warm up")];
    private readonly List<string> _failures = [];
    private readonly IReadOnlyList<Task> _readers;
    private readonly int[] _reads; // of each reader

    private ReadLoad(IReadOnlyList<Node> nodes, ScriptedObject film)
    {
        _reads = new int[nodes.Count];
        _readers = [.. nodes.Select((node, i) => Task.Run(() => ReadAsync(i, node, film, new Random(i))))];
    }

    /// <summary>Failures by phase.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_lock)
            {
                return [.. _failures];
            }
        }
    }

    public IReadOnlyList<LoadPhase> Phases
    {
        get
        {
            lock (_lock)
            {
                return [.. _phases];
            }
        }
    }

    /// <summary>Starts a reader for each of the nodes; one may be there several times.</summary>
    public static ReadLoad Start(IReadOnlyList<Node> nodes, ScriptedObject film) => new(nodes, film);

    /// <summary>Reads that end from now on are counted under this name.</summary>
    public void Begin(string phase)
    {
        lock (_lock)
        {
            _phases.Add(new LoadPhase(phase));
        }
    }

    /// <summary>Completes when each reader has started and finished this many more reads.</summary>
    public Task WhenEachReadAsync(int more, CancellationToken cancellationToken)
    {
        var goals = _reads.Select((_, i) => Volatile.Read(ref _reads[i]) + more + 1).ToArray(); // one is in progress
        return _read.UntilAsync(() => goals.Index().All(goal => Volatile.Read(ref _reads[goal.Index]) >= goal.Item), $"{more} reads more of each reader", cancellationToken);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_readers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task ReadAsync(int number, Node node, ScriptedObject film, Random random)
    {
        while (!_stop.IsCancellationRequested)
        {
            var start = random.NextInt64(film.Answer.Size);
            var length = Math.Min(film.Answer.Size - start, 1 + (long)(LongestRange * Math.Pow(random.NextDouble(), 3))); // most are short
            var begun = Stopwatch.GetTimestamp();
            string? failure = null;
            try
            {
                await node.VerifyAsync(film, start, length, CancellationToken.None);
            }
            catch (Exception e)
            {
                failure = string.Create(CultureInfo.InvariantCulture, $"{start}+{length} at {node.Address}: {e.Message}");
            }

            Note(number, Stopwatch.GetElapsedTime(begun), failure);
            await Task.Delay(Pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(int reader, TimeSpan took, string? failure)
    {
        lock (_lock)
        {
            var phase = _phases[^1];
            phase.Reads++;
            phase.Slowest = took > phase.Slowest ? took : phase.Slowest;
            if (failure is not null)
            {
                _failures.Add($"{phase.Name}: {failure}");
            }
        }

        Interlocked.Increment(ref _reads[reader]);
        _read.Raise();
    }
}
