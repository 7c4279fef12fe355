namespace ChunkProxy.Web.Http.Sending;

/// <summary>The number of chunks that are opened ahead of the current one.</summary>
/// <remarks>
/// Starts at one, so that a client that disconnects after its first bytes costs little. Doubles when the client had to wait for bytes,
/// and shrinks by one when the client was the slower side. It settles where the client just does not wait.
/// </remarks>
internal sealed class LookAheadWindow(int chunkSize, int limitInBytes)
{
    private readonly int _max = Math.Max(1, limitInBytes / chunkSize);

    public int Chunks { get; private set; } = 1;

    public void ClientWaited() => Chunks = Math.Min(_max, Chunks * 2);

    public void ClientWasSlower() => Chunks = Math.Max(1, Chunks - 1);
}
