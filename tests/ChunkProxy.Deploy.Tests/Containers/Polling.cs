namespace ChunkProxy.Deploy.Tests.Containers;

/// <summary>Polls containers until a condition is met, because they do not announce changes.</summary>
internal static class Polling
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <param name="findProblem">Returns the reason why the condition is not met yet, or null. A failed request is a reason too.</param>
    /// <param name="evidence">Returns what to print after the time limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task UntilNoProblemAsync(
        Func<CancellationToken, Task<string?>> findProblem, Func<Task<string>> evidence, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var seen = "nothing";
        while (!patience.IsCancellationRequested)
        {
            try
            {
                if (await findProblem(patience.Token) is not { } problem)
                {
                    return;
                }

                seen = problem;
                await Task.Delay(Pause, TimeProvider.System, patience.Token);
            }
            catch (HttpRequestException e)
            {
                seen = e.Message;
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new TimeoutException($"After {Patience.TotalSeconds:0} s still: {seen}\n{await evidence()}");
    }
}
