using System.Net;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Health;

/// <summary>Sends requests to members. Gives up on members that are hung, cut off or stalled, but not on those that wait for a slow origin.</summary>
internal sealed class WatchedRequests(PeerTransport transport, PeerHealth health, IOptions<PeerOptions> options, TimeProvider time, CacheMetrics metrics)
{
    private readonly PeerOptions _options = options.Value;

    /// <summary>Returns the response header. Faults of the peer and the network are outcomes, not exceptions.</summary>
    /// <remarks>
    /// <para>
    /// A silent peer is pinged. If it does not answer the ping, it is given up at once. If it does, it may be waiting for a slow origin, and then
    /// reports that. A peer that neither responds nor reports waiting for <see cref="PeerOptions.StallTimeout"/> is stuck, and is given up too.
    /// </para>
    /// <para>
    /// A peer that was asked for cached content only waits for no other process, so its silence ends the request at once, and its health is checked
    /// in the background. Otherwise a read that has waited for a hung owner would wait again, while the stand-in asks that owner for cached content.
    /// </para>
    /// </remarks>
    public async Task<(HttpResponseMessage? Response, PeerReadOutcome Outcome)> SendAsync(
        Member peer, HttpRequestMessage message, PeerSubject? subject, PeerPatience patience, CancellationToken cancellationToken)
    {
        if (health.IsAvoided(peer))
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
                var probed = ProbeResult.NoAnswer;
                if (patience is PeerPatience.CachedOnly)
                {
                    _ = health.CheckAsync(peer);
                }
                else
                {
                    probed = await ProbeAsync(peer, subject, sending, ended, cancellationToken).ConfigureAwait(false);
                    idleSince = probed is ProbeResult.WaitsForOthers ? time.GetTimestamp() : idleSince;
                }

                if (!sending.IsCompleted && VerdictOn(probed, time.GetElapsedTime(idleSince), patience) is { } verdict)
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
                var outcome = error is UnprovenAnswerException ? PeerReadOutcome.Unproven
                    : PeerTransport.IsSilence(error) ? PeerReadOutcome.Silent
                    : PeerReadOutcome.Unreachable;
                health.Trip(peer, outcome);
                return Ended(null, outcome, asked);
            }
        }
    }

    // The caller may leave meanwhile. The response may have come by then, and it holds a connection, and a chunk at the peer.
    private async Task<ProbeResult> ProbeAsync(
        Member peer, PeerSubject? subject, Task<HttpResponseMessage> sending, CancellationTokenSource ended, CancellationToken cancellationToken)
    {
        try
        {
            return await health.ProbeAsync(peer, subject, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await AbandonAsync(sending).ConfigureAwait(false);
            throw;
        }
    }

    // Returns null if the request is worth waiting for.
    private PeerReadOutcome? VerdictOn(ProbeResult probed, TimeSpan idle, PeerPatience patience) =>
        probed is ProbeResult.NoAnswer ? PeerReadOutcome.Silent
        : idle >= _options.StallTimeoutFor(patience) ? PeerReadOutcome.Stalled
        : null;

    // After a request for cached content only, a background check already determines whether the peer is alive.
    private void NoteFailure(Member peer, PeerReadOutcome verdict, PeerSubject? subject, PeerPatience patience)
    {
        if (patience is PeerPatience.ForReaders || (patience is PeerPatience.ForWork && verdict is PeerReadOutcome.Silent))
        {
            health.Trip(peer, verdict, subject);
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
            HttpStatusCode.MisdirectedRequest => PeerReadOutcome.Disagrees, // about one origin: its other answers are right
            _ when PeerTransport.Field(response, PoolProtocol.Error) is not null => PeerReadOutcome.Failed,
            _ => PeerReadOutcome.Misbehaved,
        };
        if (outcome is PeerReadOutcome.Refused or PeerReadOutcome.Misbehaved)
        {
            health.Trip(peer, outcome);
        }

        return outcome;
    }
}
