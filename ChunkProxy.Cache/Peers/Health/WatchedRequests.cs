using System.Net;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Health;

/// <summary>Asks members, and gives up those that are hung, cut off or stuck, but not those that wait for a slow origin.</summary>
internal sealed class WatchedRequests(PeerTransport transport, PeerVitals vitals, IOptions<PeerOptions> options, TimeProvider time, CacheMetrics metrics)
{
    private readonly PeerOptions _options = options.Value;

    /// <summary>Brings the answer's head. Never throws for what the peer or the network does.</summary>
    /// <remarks>
    /// <para>
    /// A peer that is silent is pinged. One that does not answer the ping is given up at once. One that does may be waiting for a slow origin, and then it
    /// says so; if for <see cref="PeerOptions.StallTimeout"/> it neither answers nor says so, something in it is stuck, and it is given up too.
    /// </para>
    /// <para>
    /// One that was asked for what it has waits for nobody: its answer is not waited for longer, and whether it lives is found out beside.
    /// Otherwise a read that has waited for a hung owner would wait once more, while the stand-in asks that owner what it has.
    /// </para>
    /// </remarks>
    public async Task<(HttpResponseMessage? Response, PeerReadOutcome Outcome)> SendAsync(
        Member peer, HttpRequestMessage message, PeerSubject? subject, PeerPatience patience, CancellationToken cancellationToken)
    {
        if (vitals.IsAvoided(peer))
        {
            return (null, PeerReadOutcome.Avoided);
        }

        var asked = time.GetTimestamp();
        var idleSince = asked;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = transport.SendAsync(message, ended.Token);
        while (true)
        {
            try
            {
                var response = await sending.WaitAsync(_options.Silence, time, CancellationToken.None).ConfigureAwait(false);
                return Ended(response, OutcomeOf(peer, response), asked);
            }
            catch (TimeoutException)
            {
                var pulse = Pulse.None;
                if (patience is PeerPatience.CachedOnly)
                {
                    _ = vitals.CheckAsync(peer, CancellationToken.None);
                }
                else
                {
                    pulse = await vitals.ProbeAsync(peer, subject, cancellationToken).ConfigureAwait(false);
                    idleSince = pulse is Pulse.WaitsForOthers ? time.GetTimestamp() : idleSince;
                }

                if (!sending.IsCompleted && VerdictOn(pulse, time.GetElapsedTime(idleSince), patience) is { } verdict)
                {
                    await ended.CancelAsync().ConfigureAwait(false);
                    await AbandonAsync(sending).ConfigureAwait(false);
                    NoteFailure(peer, verdict, subject, patience);
                    return Ended(null, verdict, asked);
                }
            }
            catch (Exception error) when (PeerTransport.IsFault(error) || error is OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var outcome = error is UnprovenAnswerException ? PeerReadOutcome.Unproven : PeerReadOutcome.Unreachable;
                vitals.Trip(peer, outcome);
                return Ended(null, outcome, asked);
            }
        }
    }

    // Null: it is worth waiting for.
    private PeerReadOutcome? VerdictOn(Pulse pulse, TimeSpan idle, PeerPatience patience) =>
        pulse is Pulse.None ? PeerReadOutcome.Silent
        : idle >= _options.StallTimeoutFor(patience) ? PeerReadOutcome.Stalled
        : null;

    // Whether it lives that was asked for what it has is being found out.
    private void NoteFailure(Member peer, PeerReadOutcome verdict, PeerSubject? subject, PeerPatience patience)
    {
        if (patience is PeerPatience.ForReaders || (patience is PeerPatience.ForWork && verdict is PeerReadOutcome.Silent))
        {
            vitals.Trip(peer, verdict, subject);
        }
    }

    private static async Task AbandonAsync(Task<HttpResponseMessage> sending)
    {
        await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (sending.IsCompletedSuccessfully)
        {
            sending.Result.Dispose();
        }
    }

    private (HttpResponseMessage? Response, PeerReadOutcome Outcome) Ended(HttpResponseMessage? response, PeerReadOutcome outcome, long asked)
    {
        metrics.PeerAnswered(outcome, time.GetElapsedTime(asked));
        return (response, outcome);
    }

    private PeerReadOutcome OutcomeOf(Member peer, HttpResponseMessage response)
    {
        var outcome = response.StatusCode switch
        {
            HttpStatusCode.OK => PeerReadOutcome.Answered,
            HttpStatusCode.NoContent => PeerReadOutcome.NotCached,
            HttpStatusCode.Forbidden => PeerReadOutcome.Refused,
            _ when PeerTransport.Field(response, PoolProtocol.Error) is not null => PeerReadOutcome.Failed,
            _ => PeerReadOutcome.Misbehaved,
        };
        if (outcome is PeerReadOutcome.Refused or PeerReadOutcome.Misbehaved)
        {
            vitals.Trip(peer, outcome);
        }

        return outcome;
    }
}
