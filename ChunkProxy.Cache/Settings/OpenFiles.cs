using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Settings;

/// <summary>The limit of open files (file descriptors) of this process, and how it is divided. Every connection is an open file.</summary>
/// <remarks>
/// A process at its limit cannot even read <c>/proc</c> for a new thread, and the runtime then aborts it. So what others make it open is bounded, and
/// all bounds together are at most the limit, if it leaves room for a few connections beside those to the origin. The bounds are those of a fixed reserve,
/// connections to the origin, chunk files, and connections of clients, from members, and to members. One client may hold several files or connections to
/// members, since its responses read ahead, and HTTP/2 has several responses. So these have bounds of their own, beyond which reads close them while their
/// clients are slow, and wait for one another.
/// </remarks>
internal static partial class OpenFiles
{
    // Runtime, libraries, pipes, log, disk writes in progress, requests to members other than reads, connections to etcd and Redis, and the separate admin address.
    private const int ForProcess = 192;

    private const int MostChunkFiles = 8192;
    private const int MostKeptFiles = 1024;
    private const int LeastConnections = 16;
    private const int Resource = 7; // RLIMIT_NOFILE of Linux

    /// <summary>Raises the soft limit to the hard one. Returns the limit in force; <see cref="int.MaxValue"/> if unknown or unlimited.</summary>
    public static int Raise()
    {
        if (!OperatingSystem.IsLinux() || getrlimit(Resource, out var limit) != 0)
        {
            return int.MaxValue;
        }

        var raised = limit with { Soft = limit.Hard };
        var inForce = limit.Soft < limit.Hard && setrlimit(Resource, raised) == 0 ? raised.Soft : limit.Soft;
        return (int)Math.Min(inForce, int.MaxValue);
    }

    /// <summary>Divides the limit.</summary>
    /// <param name="limit">Open files of the process.</param>
    /// <param name="originConnections">Connections to the origin.</param>
    /// <param name="hasDisk">Whether the process has a disk cache.</param>
    /// <param name="hasMembers">Whether there are other members.</param>
    /// <param name="isMember">Whether the others have connections to this process.</param>
    public static OpenFileShares Divide(int limit, int originConnections, bool hasDisk, bool hasMembers, bool isMember)
    {
        var (files, kept) = hasDisk ? (Math.Min(limit / 4, MostChunkFiles), Math.Min(limit / 8, MostKeptFiles)) : (0, 0);
        var left = Math.Max(limit - ForProcess - files - originConnections, 4 * LeastConnections);
        var from = hasMembers && isMember ? left / 4 : 0;
        var to = hasMembers ? (left - from) / 2 : 0;
        return new OpenFileShares(files, kept, left - from - to, from, to);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int getrlimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int setrlimit(int resource, in Limit limit);

    private record struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
