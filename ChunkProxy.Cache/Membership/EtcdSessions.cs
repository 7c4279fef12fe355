using ChunkProxy.Cache.Settings;
using Grpc.Core;

namespace ChunkProxy.Cache.Membership;

/// <summary>Runs one session with etcd after another, at one endpoint after another.</summary>
/// <param name="endpoints">etcd's client URLs.</param>
/// <param name="prefix">What the keys of all members begin with.</param>
/// <param name="options">How etcd is spoken to.</param>
/// <param name="state">Told what is read and seen.</param>
/// <param name="health">Told whether etcd answers.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told what an operator should know.</param>
internal sealed class EtcdSessions(
    IReadOnlyList<Uri> endpoints, string prefix, EtcdOptions options, MembershipState state, CoordinationHealth health, TimeProvider time, ILogger logger)
{
    /// <summary>Completes when it is stopped, and only then.</summary>
    /// <param name="hold">Keeps the process registered for as long as a session lasts, if it is to be; calls its argument each time that it is.</param>
    /// <param name="stop">Ends the session that is under way.</param>
    public async Task RunAsync(Func<EtcdConnection, Action, CancellationToken, Task> hold, CancellationToken stop)
    {
        var backoff = new SessionBackoff(endpoints.Count, steady: options.Beat);
        for (var turn = Random.Shared.Next(endpoints.Count); !stop.IsCancellationRequested; turn = (turn + 1) % endpoints.Count)
        {
            var endpoint = endpoints[turn];
            var (stood, failure) = await RunSessionAsync(endpoint, hold, stop);
            if (failure is null)
            {
                continue;
            }

            logger.SessionEnded(failure, ShownSetting.Url(endpoint.OriginalString));
            var pause = backoff.After(stood);
            if (pause > TimeSpan.Zero)
            {
                health.NoteAway(endpoint, ReasonOf(failure));
                var spread = pause * (0.75 + (Random.Shared.NextDouble() / 4)); // or all members come at once
                await Task.Delay(spread, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the loop looks at stop itself
            }
        }
    }

    /// <summary>Runs one session, and returns how long it stood and what ended it; null if that was us.</summary>
    private async Task<(TimeSpan Stood, Exception? Failure)> RunSessionAsync(
        Uri endpoint, Func<EtcdConnection, Action, CancellationToken, Task> hold, CancellationToken stop)
    {
        EtcdSession? session = null;
        try
        {
            using var etcd = await EtcdConnection.OpenAsync(endpoint, options, time, stop);
            session = new EtcdSession(etcd, prefix, options.Beat, options.ReconcileInterval, state, time, logger);
            await session.RunAsync(hold, () => health.NoteConnected(endpoint), stop);
            return (session.Stood, null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (TimeSpan.Zero, null);
        }
        catch (Exception e)
        {
            // Whatever it was, serving must go on, and membership with it.
            return (session?.Stood ?? TimeSpan.Zero, e);
        }
    }

    private static string ReasonOf(Exception e) => e is RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : e.Message;
}
