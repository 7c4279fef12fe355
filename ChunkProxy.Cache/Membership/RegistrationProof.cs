using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Membership;

/// <summary>
/// Writes and reads the values of members' keys in etcd: the registration as JSON and, if the cluster has a key, a second line with its MAC.
/// </summary>
/// <remarks>
/// The MAC covers the cluster's key prefix and the member's id, so a registration cannot be moved to another cluster or another address.
/// A client of etcd without the key can remove members. It cannot forge a registration; one that it restores is detected by the
/// <see cref="RegistrationHistory"/>.
/// </remarks>
/// <param name="keys">Keys of the MAC; null: registrations are not authenticated.</param>
/// <param name="prefix">Prefix of all members' keys in the cluster.</param>
internal sealed class RegistrationProof(MacKeys? keys, string prefix)
{
    private const byte NewLine = (byte)'\n';

    /// <summary>Whether registrations are authenticated.</summary>
    public bool IsRequired => keys is not null;

    public byte[] Write(MemberRegistration registration)
    {
        var json = registration.ToJson();
        if (keys is null)
        {
            return json;
        }

        Span<byte> mac = stackalloc byte[MacKey.Size];
        var text = new MacText(stackalloc byte[1024]);
        try
        {
            Add(ref text, registration.Member.Id, json);
            keys.Current.Sign(text.Written, mac);
        }
        finally
        {
            text.Dispose();
        }

        return [.. json, NewLine, .. Base64Url.EncodeToUtf8(mac)];
    }

    /// <summary>Reads the value of the key that ends in <paramref name="id"/>.</summary>
    public bool TryRead(string id, ReadOnlySpan<byte> value, [NotNullWhen(true)] out MemberRegistration? registration, [NotNullWhen(false)] out string? reason)
    {
        registration = null;
        if (value.Length > MemberRegistration.MaxLength)
        {
            reason = "the value is too long";
            return false;
        }

        var end = value.IndexOf(NewLine);
        var json = end < 0 ? value : value[..end];
        if (keys is not null && (end < 0 || !Accepts(id, json, value[(end + 1)..])))
        {
            reason = end < 0 ? "the registration carries no proof of the pool's key" : "the registration was not written by a process with the pool's key";
            return false;
        }

        if (keys is null && end >= 0)
        {
            reason = "the registration carries a proof, and this process has no pool key";
            return false;
        }

        return MemberRegistration.TryParse(id, json, out registration, out reason);
    }

    private bool Accepts(string id, ReadOnlySpan<byte> json, ReadOnlySpan<byte> proof)
    {
        Span<byte> mac = stackalloc byte[MacKey.Size];
        if (proof.Length != Base64Url.GetEncodedLength(MacKey.Size)
            || Base64Url.DecodeFromUtf8(proof, mac, out _, out var written) is not OperationStatus.Done
            || written != MacKey.Size
            || !Base64Url.EncodeToUtf8(mac).AsSpan().SequenceEqual(proof)) // only one spelling is valid
        {
            return false;
        }

        var text = new MacText(stackalloc byte[1024]);
        try
        {
            Add(ref text, id, json);
            return keys!.IndexOf(text.Written, mac) != MacKeys.None;
        }
        finally
        {
            text.Dispose();
        }
    }

    private void Add(ref MacText text, string id, ReadOnlySpan<byte> json)
    {
        text.Add(prefix);
        text.Add(id);
        text.Add(json);
    }
}
