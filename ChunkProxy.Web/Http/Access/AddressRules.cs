using System.Net;
using ChunkProxy.Web.Clients;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Which client addresses may read. Immutable and pure.</summary>
internal sealed class AddressRules(AccessOptions options)
{
    private readonly AddressNetworks _allowed = new(options.Allow);
    private readonly AddressNetworks _denied = new(options.Deny);

    public bool AreOff => _allowed.AreNone && _denied.AreNone;

    /// <param name="client">The client; null on a connection without addresses.</param>
    public AccessVerdict Judge(IPAddress? client) =>
        AreOff ? AccessVerdict.Admitted
        : client is not null && _denied.Contain(client) ? AccessVerdict.AddressDenied
        : !_allowed.AreNone && (client is null || !_allowed.Contain(client)) ? AccessVerdict.AddressNotAllowed
        : AccessVerdict.Admitted;
}
