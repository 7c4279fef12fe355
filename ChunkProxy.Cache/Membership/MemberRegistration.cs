using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Membership;

/// <summary>A member's registration in etcd: the value of its key, as JSON.</summary>
/// <param name="Member">The member.</param>
/// <param name="Instance">Identifies the process: a restarted member is another
/// instance, and so is a second process with the same pool address.</param>
/// <param name="Leaving">The member has given up ownership, to stop or by a drain.</param>
/// <param name="Number">Counts the registrations that the process has written.</param>
internal sealed record MemberRegistration(Member Member, Guid Instance, bool Leaving, long Number = 0)
{
    public const int MaxLength = 4096;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new Fields(Member.Id, Member.Weight, Member.Version, Member.StartedAt, Member.Role, Instance, Leaving, Member.Name, Number), RegistrationJson.Default.Fields);

    /// <summary>
    /// Reads the value of the key that ends in <paramref name="id"/>. Any client of etcd may have written it, so every field is checked.
    /// </summary>
    public static bool TryParse(string id, ReadOnlySpan<byte> json, [NotNullWhen(true)] out MemberRegistration? registration, [NotNullWhen(false)] out string? reason)
    {
        registration = null;
        if (!HostPort.TryParse(id, out var address) || !address.IsReachable || address.Normal.ToString() != id)
        {
            reason = "the key does not end in a host and port in normal form";
            return false;
        }

        if (json.Length > MaxLength)
        {
            reason = "the value is too long";
            return false;
        }

        try
        {
            var fields = JsonSerializer.Deserialize(json, RegistrationJson.Default.Fields);
            if (fields is null || fields.Address != id)
            {
                reason = "the address is not that of the key";
                return false;
            }

            var member = new Member(id) { Weight = fields.Weight, Version = fields.Version ?? "", StartedAt = fields.Started, Role = fields.Role, Name = MemberName.IsName(fields.Name) ? fields.Name : "" };
            registration = new MemberRegistration(member, fields.Instance, fields.Leaving, fields.Number);
            reason = null;
            return true;
        }
        catch (JsonException e)
        {
            reason = e.Message;
            return false;
        }
        catch (ArgumentOutOfRangeException)
        {
            reason = "the weight is not a finite number above zero";
            return false;
        }
    }

    internal sealed record Fields(
        string? Address, double Weight, string? Version, DateTimeOffset? Started, MemberRole Role, Guid Instance, bool Leaving, string? Name = null, long Number = 0);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(MemberRegistration.Fields))]
internal sealed partial class RegistrationJson : JsonSerializerContext;
