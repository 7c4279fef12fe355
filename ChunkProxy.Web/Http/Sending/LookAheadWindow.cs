namespace ChunkProxy.Web.Http.Sending;

/// <summary>How many chunks are opened ahead of the one that is being written.</summary>
/// <remarks>
/// Starts at one, so that a client which leaves after its first bytes costs little. Doubles when the client was ready before the
/// bytes were, and goes back by one when it was the slower of the two: it settles where the client just does not wait.
/// </remarks>
internal sealed class LookAheadWindow(int chunkSize, int limitInBytes)
{
    private readonly int _max = Math.Max(1, limitInBytes / chunkSize);

    public int Chunks { get; private set; } = 1;

    public void ClientWaited() => Chunks = Math.Min(_max, Chunks * 2);

    public void ClientWasSlower() => Chunks = Math.Max(1, Chunks - 1);
}
