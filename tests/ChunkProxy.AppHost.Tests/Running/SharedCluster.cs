using ChunkProxy.AppHost.Tests.Otlp;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>One started application for the tests that need no fresh one: three members, Redis, traces to a receiver.</summary>
[CollectionDefinition(nameof(SharedCluster))]
public sealed class SharedCluster : IAsyncLifetime, ICollectionFixture<SharedCluster>
{
    /// <summary>
    /// For tests that count origin requests: peers wait for a member that is not scheduled on a busy machine, instead of bypassing it.
    /// Health requests to members keep their default time limit.
    /// </summary>
    internal static readonly IReadOnlyDictionary<string, string?> PatientWithMembers = new Dictionary<string, string?>
    {
        [Testing.Nodes.Setting.InEnvironment("Peers:Silence")] = "00:00:20",
    };

    private readonly SemaphoreSlim _starting = new(1);
    private readonly TemporaryFolder _state = new();
    private RunningCluster? _cluster;
    private OtlpReceiver? _collector;

    internal OtlpReceiver Collector => _collector!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts the cluster for the first test that needs it.</summary>
    internal async Task<RunningCluster> GetAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            _collector ??= await OtlpReceiver.StartAsync();
            if (_cluster is null)
            {
                _cluster = await RunningCluster.StartAsync(
                    _state.Path, PatientWithMembers.Concat(_collector.Environment).ToDictionary(), ["--Redis:Enabled", "true"], CancellationToken.None);
                await _cluster.WhenMembersAsync(3, cancellationToken);
            }

            return _cluster;
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_collector is not null)
        {
            await _collector.DisposeAsync();
        }

        _state.Dispose();
        _starting.Dispose();
    }
}
