using ChunkProxy.Cache.Settings;
using Grpc.Core;

namespace ChunkProxy.Cache.Membership;

/// <summary>Runs one session with etcd after another, on the endpoints in turn.</summary>
/// <param name="endpoints">etcd's client URLs.</param>
/// <param name="prefix">Prefix of all members' keys.</param>
/// <param name="options">Settings for etcd.</param>
/// <param name="state">Receives what is read and watched.</param>
/// <param name="health">Receives whether etcd answers.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs events for operators.</param>
internal sealed class EtcdSessions(
    IReadOnlyList<Uri> endpoints, string prefix, EtcdOptions options, MembershipState state, CoordinationHealth health, TimeProvider time, ILogger logger)
{
    /// <summary>Completes only when it is stopped.</summary>
    /// <param name="hold">Keeps the process registered during a session, if it owns
    /// chunks; calls its argument each time the registration is confirmed.</param>
    /// <param name="stop">Ends the current session and the loop.</param>
    public async Task RunAsync(Func<EtcdConnection, Action, CancellationToken, Task> hold, CancellationToken stop)
    {
        var backoff = new SessionBackoff(endpoints.Count, steady: options.RenewInterval);
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
                health.SetUnavailable(endpoint, ReasonOf(failure));
                var spread = pause * (0.75 + (Random.Shared.NextDouble() / 4)); // random, so that members do not all reconnect at once
                await Task.Delay(spread, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the loop checks stop itself
            }
        }
    }

    /// <summary>Runs one session. Returns how long it was established and what ended it; null if <paramref name="stop"/> did.</summary>
    private async Task<(TimeSpan Stood, Exception? Failure)> RunSessionAsync(
        Uri endpoint, Func<EtcdConnection, Action, CancellationToken, Task> hold, CancellationToken stop)
    {
        EtcdSession? session = null;
        try
        {
            using var etcd = await EtcdConnection.OpenAsync(endpoint, options, time, stop);
            session = new EtcdSession(etcd, prefix, options.RenewInterval, options.ReconcileInterval, state, time, logger);
            await session.RunAsync(hold, () => health.NoteConnected(endpoint), stop);
            return (session.Duration, null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (TimeSpan.Zero, null);
        }
        catch (Exception e)
        {
            // Whatever the error is, serving and membership must continue.
            return (session?.Duration ?? TimeSpan.Zero, e);
        }
    }

    private static string ReasonOf(Exception e) => e is RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : e.Message;
}
