using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Asks the origin, without a client's request, whether it answers.</summary>
internal sealed class OriginProbe(OriginWire wire, OriginMessages messages, IOptions<OriginOptions> options, SiteRules site, TimeProvider time)
{
    private readonly OriginOptions _options = options.Value;

    /// <summary>Returns whether the origin sends a response of any status within <see cref="OriginOptions.ProbeTimeout"/>.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken) =>
        await AskAsync(site.ObjectAt(_options.ProbePath), cancellationToken).ConfigureAwait(false) != 0;

    /// <summary>Returns whether the origin sends a response about the object that is no failure (5xx, 408, 429).</summary>
    public async Task<bool> SucceedsAsync(ObjectId id, CancellationToken cancellationToken) =>
        await AskAsync(id, cancellationToken).ConfigureAwait(false) is var status && status != 0 && !OriginAnswerJudge.IsFailure(status);

    // Returns the status; 0 without a response.
    private async Task<int> AskAsync(ObjectId id, CancellationToken cancellationToken)
    {
        using var message = messages.Write(id, HttpMethod.Head, []);
        using var limit = new TimeLimit(_options.ProbeTimeout, time, cancellationToken);
        try
        {
            var (response, failure) = await wire.SendAsync(message, new OriginAttempts(_options, time), limit.Token).ConfigureAwait(false);
            using (response)
            {
                return response is not null ? (int)response.StatusCode : failure!.Outcome is OriginOutcome.Misbehaved ? Math.Max(failure.Status, 1) : 0;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }
}
