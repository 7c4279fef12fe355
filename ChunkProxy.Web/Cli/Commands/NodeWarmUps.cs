using System.Net;
using ChunkProxy.Web.Operations.Warm;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Warms objects at a node, each to its end.</summary>
internal sealed class NodeWarmUps(NodeClient node, long? bytesPerSecond, TimeProvider time)
{
    // The node answers when the warm-up ends, and after this time, so that the progress is seen.
    private const int ProgressAfter = 250; // ms

    private static readonly TimeSpan PauseWhileBusy = TimeSpan.FromSeconds(1);

    /// <summary>Warms an object. Cancellation ends the warm-up at the node, too.</summary>
    /// <param name="item">The object.</param>
    /// <param name="step">Called with each figure of the progress, and with the last one.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="CommandFailure">The node does not answer, or refuses the request.</exception>
    public async Task<WarmAnswer> WarmAsync(WarmItem item, Action<WarmAnswer> step, CancellationToken cancellationToken)
    {
        var answer = await StartAsync(item, cancellationToken);
        try
        {
            while (true)
            {
                step(answer);
                if (answer.State is not WarmState.Running)
                {
                    return answer;
                }

                var json = await node.AskAsync(
                    HttpMethod.Get, $"{LocationOf(answer)}?wait={ProgressAfter}", $"{answer.Path}: the node at {node.Name} no longer knows this warm-up: it was restarted", cancellationToken);
                answer = node.Read(json, WarmAnswerJson.Readable.WarmAnswer);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await CancelAsync(answer);
            throw;
        }
    }

    private async Task<WarmAnswer> StartAsync(WarmItem item, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                // Not cancelled: the node would run a warm-up whose name is not known here.
                var json = await node.AskAsync(HttpMethod.Post, item.Request(bytesPerSecond), notFound: null, CancellationToken.None);
                return node.Read(json, WarmAnswerJson.Readable.WarmAnswer);
            }
            catch (CommandFailure busy) when (busy.Status is HttpStatusCode.TooManyRequests)
            {
                await Task.Delay(PauseWhileBusy, time, cancellationToken);
            }
        }
    }

    private async Task CancelAsync(WarmAnswer answer)
    {
        try
        {
            await node.AskAsync(HttpMethod.Delete, LocationOf(answer), notFound: null, CancellationToken.None);
        }
        catch (CommandFailure)
        {
            // The node may be the reason for the cancellation. The run ends either way.
        }
    }

    private static string LocationOf(WarmAnswer answer) => $"warm/{Uri.EscapeDataString(answer.Id)}";
}
