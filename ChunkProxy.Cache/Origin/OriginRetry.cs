using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>What follows a failed read of the same bytes: another attempt after a pause, then the backup server, then the failure.</summary>
/// <param name="server">The server that is asked first.</param>
internal sealed class OriginRetry(OriginServer server)
{
    public OriginServer Server { get; private set; } = server;

    /// <summary>The attempts at <see cref="Server"/>.</summary>
    public OriginAttempts Attempts { get; private set; } = server.Client.BeginAttempts();

    /// <summary>Waits until the next attempt may begin, at this server or at its backup. Returns false if there is none.</summary>
    /// <param name="failed">Why the last attempt ended.</param>
    /// <param name="isOpen">Whether the origin had begun its response.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask<bool> TryPrepareAsync(ChunkReadException failed, bool isOpen, CancellationToken cancellationToken)
    {
        if (Attempts.AreLeft && OriginClient.MayPass(failed.Error, isOpen))
        {
            await Attempts.PauseAsync(failed.RetryAfter, cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (Server.After(failed.Error) is not { } backup)
        {
            return false;
        }

        Server = backup;
        Attempts = backup.Client.BeginAttempts();
        return true;
    }
}
