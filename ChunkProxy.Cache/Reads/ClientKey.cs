using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;

namespace ChunkProxy.Cache.Reads;

/// <summary>Identifies the client for whom work is done, so that clients take turns at the origin.</summary>
/// <remarks>
/// A client is an IPv4 address, or the first 64 bits of an IPv6 address. The key is a hash of it, the same in every process: the owner of an object
/// knows a client of several front ends as one. Like a trace, the current key follows the flow of calls (<see cref="ExecutionContext"/>): from a
/// read to the searches and fills that it begins. For clients it is set after a miss only, so a hit costs nothing; for peers with each request for a chunk.
/// </remarks>
/// <param name="Value">The hash; 0 for work that no client waits for.</param>
public readonly record struct ClientKey(ulong Value)
{
    private static readonly AsyncLocal<ClientKey> Flow = new();

    /// <summary>The client of the current flow of calls. A value that is set in an async method ends with that method.</summary>
    public static ClientKey Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>Returns the key of a client's address.</summary>
    public static ClientKey Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[16];
        var known = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        known.TryWriteBytes(bytes, out var length);
        return new(XxHash3.HashToUInt64(bytes[..(known.AddressFamily is AddressFamily.InterNetworkV6 ? 8 : length)]));
    }
}
