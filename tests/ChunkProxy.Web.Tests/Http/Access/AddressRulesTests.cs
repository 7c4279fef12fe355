using System.Net;
using ChunkProxy.Web.Http.Access;

namespace ChunkProxy.Web.Tests.Http.Access;

public sealed class AddressRulesTests
{
    [Theory]
    [InlineData(null, null, "192.0.2.1", AccessVerdict.Admitted)]
    [InlineData("10.0.0.0/8", null, "10.1.2.3", AccessVerdict.Admitted)]
    [InlineData("10.0.0.0/8", null, "::ffff:10.1.2.3", AccessVerdict.Admitted)]
    [InlineData("10.0.0.0/8", null, "192.0.2.1", AccessVerdict.AddressNotAllowed)]
    [InlineData("10.0.0.0/8", null, "2001:db8::1", AccessVerdict.AddressNotAllowed)]
    [InlineData("2001:db8::/32, 192.0.2.1", null, "2001:db8::1", AccessVerdict.Admitted)]
    [InlineData("2001:db8::/32, 192.0.2.1", null, "192.0.2.1", AccessVerdict.Admitted)]
    [InlineData("2001:db8::/32, 192.0.2.1", null, "192.0.2.2", AccessVerdict.AddressNotAllowed)]
    [InlineData(null, "192.0.2.1", "192.0.2.1", AccessVerdict.AddressDenied)]
    [InlineData(null, "::ffff:192.0.2.1", "192.0.2.1", AccessVerdict.AddressDenied)]
    [InlineData(null, "192.0.2.1", "192.0.2.2", AccessVerdict.Admitted)]
    [InlineData("10.0.0.0/8", "10.0.0.7", "10.0.0.7", AccessVerdict.AddressDenied)]
    [InlineData("10.0.0.0/8", null, null, AccessVerdict.AddressNotAllowed)]
    [InlineData(null, "10.0.0.0/8", null, AccessVerdict.Admitted)]
    public void Judge_Address_ComesFromTheLists(string? allow, string? deny, string? client, object expected)
    {
        var rules = new AddressRules(new AccessOptions { Allow = allow, Deny = deny });

        Assert.Equal((AccessVerdict)expected, rules.Judge(client is null ? null : IPAddress.Parse(client)));
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("example.com", false)]
    [InlineData("*", false)]
    public void Validate_Network_IsAnAddressOrCidr(string text, bool isValid) =>
        Assert.Equal(isValid, new AccessOptionsValidator().Validate(null, new AccessOptions { Deny = text }).Succeeded);
}
